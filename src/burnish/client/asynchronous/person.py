"""The person who signed in to an app, by the access token the app holds for them."""

from typing import Any, Literal

from burnish.client import reading
from burnish.client.answers.answer import Attributes
from burnish.client.answers.person import Question, Questions, Replied, Userinfo
from burnish.client.ask import in_person, path
from burnish.client.asynchronous.line import Line

Act = Literal["answer", "confirm", "skip", "refuse"]


class Person:
    """One person. A token that is no good any more raises Unauthorized."""

    def __init__(self, line: Line) -> None:
        """Ask by this line, which holds the access token."""
        self._line = line

    async def userinfo(self) -> Userinfo:
        """Return who it is, with what the app may see of the profile."""
        return await self._line.get(Userinfo, "/oauth2/userinfo")

    async def questions(self, *, open: bool = False) -> tuple[Question, ...]:
        """Return what to ask now, and count it as asked; with `open` all that may be answered."""
        asked = await self._line.get(Questions, path("me", "questions"), open=open)
        return asked.questions

    async def answer(self, key: str, values: Attributes) -> Replied:
        """Answer a question. Raises Invalid, Forbidden (`hook_disallowed`), Conflict, NotFound."""
        return await self._reply(key, "answer", values=values)

    async def confirm(self, key: str, guess: Any) -> Replied:
        """Make the guess that was shown their own word. Raises Conflict (`guess_changed`)."""
        return await self._reply(key, "confirm", guess=guess)

    async def skip(self, key: str) -> Replied:
        """Leave a question for now. Raises Invalid (`question_required`)."""
        return await self._reply(key, "skip")

    async def refuse(self, key: str) -> Replied:
        """Never ask this question again. Raises Invalid (`question_required`)."""
        return await self._reply(key, "refuse")

    async def _reply(self, key: str, act: Act, **said: Any) -> Replied:
        wanted = self._line.changing("POST", path("me", "questions", key), {"act": act, **said})
        return reading.read(Replied, await self._line.send(in_person(wanted)))
