"""The form of a question: a field for each attribute it asks about."""

from collections.abc import Mapping
from hashlib import blake2s
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from burnish.attributes.custom import default_label
from burnish.attributes.schema import Schema
from burnish.profiles.document import Document, explain
from burnish.profiles.fact import NOTHING
from burnish.profiles.policy import policies
from burnish.questions.choose import Asking
from burnish_server.identity.edit_profile import AUTOCOMPLETE
from burnish_server.identity.flows.ask_questions import Interview
from burnish_server.identity.own_profile import Item
from burnish_server.identity.spoken_fields import CountryField, PhoneField
from burnish_server.profiles.fields import (
    ChoiceField,
    ValueField,
    beside_field,
    field_for,
    kind_of,
)
from burnish_server.profiles.view import Row

FEW = 6
"""Up to so many choices are shown at once."""

NEEDED = gettext_lazy("Fill this in.")

SPOKEN = {"country_code": CountryField, "phone_number": PhoneField}


class AnswerForm(forms.Form):
    """An answer; `faults` are beside their fields, and what is not about one above them all."""

    def __init__(self, talk: Interview, asking: Asking, data: Any = None) -> None:
        super().__init__(data, prefix="answer")
        self._talk, self._asking = talk, asking
        for name in asking.attributes:
            self.fields[name] = field_of(item_of(talk.document, talk.schema, name), asking)

    def values(self) -> dict[str, Any]:
        """Return what was answered, by attribute; a fault where something is missing."""
        self.is_valid()
        cleaned = {name: self.cleaned_data.get(name, NOTHING) for name in self.fields}
        given = {name: value for name, value in cleaned.items() if value is not NOTHING}
        for name in cleaned.keys() - given.keys() if self._asking.question.required else ():
            self.add_error(name, NEEDED)
        if not given and not self._asking.question.required:
            first = next(iter(self.fields))
            self.add_error(first, _("Fill this in, or leave the question with a button below."))
        return given

    def bound(self) -> "AnswerForm":
        """Return a form that can be found fault with: this one, or one in which nothing stands."""
        form = self if self.is_bound else AnswerForm(self._talk, self._asking, {})
        form.is_valid()
        return form

    def refuse(self, faults: Mapping[str, str]) -> None:
        """Say what is wrong: sentences by attribute."""
        for name, sentence in faults.items():
            self.add_error(name if name in self.fields else None, sentence)


def item_of(document: Document, schema: Schema, name: str) -> Item:
    """Return an attribute as its person sees it."""
    place, now = schema.find(name) or ("standard", name), timezone.now()
    definition = schema.by_name.get(name)
    label = definition.title if definition else default_label(name)
    why = explain(document, place, now, policies(schema))
    return Item(Row(place[0], name, label, definition, why), writable=True, now=now)


def field_of(item: Item, asking: Asking) -> ValueField:
    """Return the field to answer with; empty, but for a word of their own that has to be mended."""
    row, own = item.row, item.row.winner and item.row.winner.standing == "person"
    if not own or (row.definition and row.definition.type in ("enum", "boolean")):
        row = Row(row.group, row.name, row.label, row.definition, None)
    kind = kind_of(row)
    field = SPOKEN[kind](row) if kind in SPOKEN else field_for(row)
    if isinstance(field, ChoiceField):
        choices = list(field.choices_of(row))
        if len(choices) <= FEW:
            field.widget = forms.RadioSelect(choices=choices)
    field.label = item.label
    # Our templates take help texts for HTML, as those of passwords are.
    field.help_text = conditional_escape(field.help_text)
    # Of an address no part is needed by itself.
    field.required = asking.question.required and kind != "address"
    field.widget.is_required = field.required
    if token := AUTOCOMPLETE.get(item.name):
        field.widget.attrs["autocomplete"] = token
    elif kind in SPOKEN:
        field.widget.attrs["autocomplete"] = "tel" if kind == "phone_number" else "country-name"
    if kind == "country_code" and not (row.definition and row.definition.help_text):
        field.help_text = _("Start typing its name.")
    return field


def about(talk: Interview, asking: Asking) -> str:
    """Return what names a question on the page of one person, and of nobody else."""
    said = f"{talk.user.pk}/{asking.question.key}"
    return blake2s(said.encode(), digest_size=12).hexdigest()


def mark(asking: Asking) -> str:
    """Return what tells one guess from another."""
    return blake2s(repr(asking.guess).encode(), digest_size=12).hexdigest()


def sentences(faults: Any) -> dict[str, str]:
    """Return what is wrong by attribute, as sentences to stand beside the fields."""
    return {fault.path.strip("/").partition("/")[0]: beside_field(fault) for fault in faults}
