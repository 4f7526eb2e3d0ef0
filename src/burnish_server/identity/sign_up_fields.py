"""The fields of the sign-up form's questions, and what is typed into them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from burnish.attributes.faults import Fault
from burnish.attributes.schema import Schema
from burnish.profiles.document import Document
from burnish.profiles.fact import NOTHING
from burnish.questions.choose import Asking
from burnish.questions.question import Words
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import sign_up_questions
from burnish_server.identity.flows.sign_up_questions import Answers
from burnish_server.identity.question_form import NEEDED, field_of, item_of
from burnish_server.profiles.fields import beside_field

log = structlog.get_logger("burnish.questions")

PREFIX = "answer-"


@dataclass(frozen=True, slots=True)
class Group:
    """A question of the form: its words, and its fields."""

    words: Words
    language: str
    fields: tuple[BoundField, ...]


class Questions:
    """What a sign-up form asks besides how to sign in; nothing where that cannot be found out."""

    def __init__(
        self, form: forms.BaseForm, around: Circumstances, known: Collection[str] = ()
    ) -> None:
        """Add the fields to a form, behind its own; attributes that are known need none."""
        self._form, self._languages = form, around.languages
        self._askings: tuple[Asking, ...] = ()
        self._schema = Schema()
        try:
            asked, self._schema = sign_up_questions.questions(around.languages)
            self._askings = _without(asked, known)
        except Exception:
            log.exception("sign-up asks nothing")
        for asking in self._askings:
            self._add(asking)

    def _add(self, asking: Asking) -> None:
        for name in asking.attributes:
            field = field_of(item_of(Document(), self._schema, name), asking)
            if len(asking.attributes) == 1:
                field.label = asking.question.worded(self._languages).title
            if not asking.question.required:
                field.label = _("%(label)s (optional)") % {"label": field.label}
            self._form.fields[PREFIX + name] = field

    def groups(self) -> Iterator[Group]:
        """Return the questions with their fields, in their order."""
        for asking in self._askings:
            question = asking.question
            fields = tuple(self._form[PREFIX + name] for name in asking.attributes)
            language = question.language(self._languages)
            yield Group(question.worded(self._languages), language, fields)

    def answers(self, cleaned: dict[str, Any]) -> Answers:
        """Return what was answered; what is missing or wrong is said beside its field."""
        values: dict[str, Any] = {}
        for asking in self._askings:
            for name in asking.attributes:
                value = cleaned.get(PREFIX + name, NOTHING)
                if value is NOTHING:
                    sentence = str(NEEDED) if asking.question.required else None
                else:
                    sentence = self._refusal(name, value)
                if sentence:
                    self._form.add_error(PREFIX + name, sentence)
                elif value is not NOTHING:
                    values[name] = value
        return Answers(self._askings, values, self._schema)

    def _refusal(self, name: str, value: Any) -> str | None:
        place = self._schema.find(name)
        refusal = self._schema.refuse(*place, value) if place else None
        return beside_field(Fault(f"/{name}", refusal)) if refusal else None


def _without(askings: Iterable[Asking], known: Collection[str]) -> tuple[Asking, ...]:
    rest = (
        (asking, tuple(name for name in asking.attributes if name not in known))
        for asking in askings
    )
    return tuple(Asking(asking.question, names) for asking, names in rest if names)
