"""The person who signed in to an app, by the access token the app holds for them."""

from typing import Any, Literal

from burnish.client import reading
from burnish.client.answers.answer import Attributes
from burnish.client.answers.person import Question, Questions, Replied, Userinfo
from burnish.client.ask import in_person, path
from burnish.client.synchronous.line import Line

Act = Literal["answer", "confirm", "skip", "refuse"]


class Person:
    """One person. A token that is no good any more raises Unauthorized."""

    def __init__(self, line: Line) -> None:
        """Ask by this line, which holds the access token."""
        self._line = line

    def userinfo(self) -> Userinfo:
        """Return who it is, with what the app may see of the profile."""
        return self._line.get(Userinfo, "/oauth2/userinfo")

    def questions(self, *, open: bool = False) -> tuple[Question, ...]:
        """Return what to ask now, and count it as asked; with `open` all that may be answered."""
        asked = self._line.get(Questions, path("me", "questions"), open=open)
        return asked.questions

    def answer(self, key: str, values: Attributes) -> Replied:
        """Answer a question. Raises Invalid, Forbidden (`hook_disallowed`), Conflict, NotFound."""
        return self._reply(key, "answer", values=values)

    def confirm(self, key: str, guess: Any) -> Replied:
        """Make the guess that was shown their own word. Raises Conflict (`guess_changed`)."""
        return self._reply(key, "confirm", guess=guess)

    def skip(self, key: str) -> Replied:
        """Leave a question for now. Raises Invalid (`question_required`)."""
        return self._reply(key, "skip")

    def refuse(self, key: str) -> Replied:
        """Never ask this question again. Raises Invalid (`question_required`)."""
        return self._reply(key, "refuse")

    def _reply(self, key: str, act: Act, **said: Any) -> Replied:
        wanted = self._line.changing("POST", path("me", "questions", key), {"act": act, **said})
        return reading.read(Replied, self._line.send(in_person(wanted)))
