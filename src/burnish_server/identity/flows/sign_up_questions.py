"""The questions of the sign-up form: which there are, and what came of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from burnish.attributes.schema import Schema
from burnish.events.question import QuestionAnswered, QuestionAsked
from burnish.profiles.fact import Fact
from burnish.questions.choose import Asking, Context, at_sign_up
from burnish.questions.state import State
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import ask_questions
from burnish_server.identity.models import User
from burnish_server.questions import store

DOOR = "sign_up"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was asked, and what was answered to it by attribute; all of it fits the schema."""

    askings: tuple[Asking, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    schema: Schema = field(default_factory=Schema)

    def as_facts(self, at: datetime) -> tuple[Fact, ...]:
        """Return the answers as their person's own facts."""
        return tuple(
            Fact(*place, self.values[name], asking.question.source, at)
            for asking in self.askings
            for name in asking.attributes
            if name in self.values and (place := self.schema.find(name))
        )

    @property
    def scalars(self) -> dict[str, Any]:
        """The answers providers may be asked with."""
        return {
            name: value
            for name, value in self.values.items()
            if isinstance(value, str | int | float)
        }


NOTHING_ASKED = Answers()


def questions(languages: tuple[str, ...]) -> tuple[tuple[Asking, ...], Schema]:
    """Return what the form asks in its order, each attribute once, and the schema it goes by.

    Nobody has an id yet by which they would get a variant, so all are put as they are written.
    """
    asked, schema, _ = ask_questions.settled()
    plain = [one.model_copy(update={"variants": ()}) for one in asked.questions if one.sign_up]
    now = timezone.now()
    seen: set[str] = set()
    found = []
    for asking in at_sign_up(plain, schema, Context("", "", 0, now, languages=languages), now):
        names = tuple(name for name in asking.attributes if name not in seen)
        seen.update(names)
        if names:
            found.append(Asking(asking.question, names))
    return tuple(found), schema


def note(user: User, answers: Answers, circumstances: Circumstances, at: datetime) -> None:
    """Note what was asked and answered; in the transaction that makes the user."""
    for asking in answers.askings:
        key = asking.question.key
        state = State().as_asked(ask_questions.login_of(None, user.pk), at)
        store.note(user.pk, key, "asked", DOOR, asking.variant, at)
        ask_questions.tell(user, QuestionAsked, asking, circumstances, at)
        if not answers.values.keys().isdisjoint(asking.attributes):
            state = state.as_answered(at)
            store.note(user.pk, key, "answered", DOOR, asking.variant, at)
            ask_questions.tell(user, QuestionAnswered, asking, circumstances, at)
        store.keep(user.pk, key, state)
