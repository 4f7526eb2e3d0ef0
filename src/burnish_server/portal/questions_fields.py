"""The fields of a question that stand alone: what is asked, of whom, and which comes first."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError as Refused
from django.http import QueryDict
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from burnish.attributes.schema import Schema
from burnish.attributes.standard import IDENTITY_COUPLED
from burnish.questions.question import Question, When
from burnish_server.consent import store as consent
from burnish_server.portal.questions_predicates import attribute_choices, split
from burnish_server.questions import models

GROUPS = (
    ("What is asked", ("key", "about", "required", "confirm", "sign_up", "enabled")),
    ("Which comes first, and what for", ("priority", "weight", "purpose")),
)
WHEN = ("segments", "logins", "days", "clients", "locales")
SWITCHES = ("required", "confirm", "sign_up", "enabled")
UNWRITABLE = "its person may not write it"


def _switch(label: str, help_text: str) -> forms.BooleanField:
    return forms.BooleanField(
        label=label, required=False, help_text=help_text, widget=UnfoldBooleanSwitchWidget()
    )


def _number(label: str, help_text: str) -> forms.IntegerField:
    widget = UnfoldAdminIntegerFieldWidget()
    return forms.IntegerField(label=label, help_text=help_text, widget=widget)


def _texts(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=2000,
        help_text=help_text,
        widget=UnfoldAdminTextInputWidget(),
    )


class QuestionForm(forms.Form):
    """The fields of a question that stand alone."""

    key = forms.CharField(
        label="Key",
        max_length=40,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="In small letters, digits and underscores; answers are marked question:KEY.",
    )
    # Not `attributes`: a field of that name would hide what browsers keep under it of the form.
    about = forms.MultipleChoiceField(
        label="Attributes",
        widget=UnfoldAdminSelectMultipleWidget(attrs={"size": 8}),
        help_text="Up to six that belong together. Hold Ctrl or Cmd to choose several.",
    )
    required = _switch(
        "Required", "A login waits for the answer, as long as its person may give it."
    )
    confirm = _switch("Confirm a guess", "A guess is shown to be confirmed, not taken as known.")
    sign_up = _switch("On the sign-up form", "The sign-up form asks it.")
    enabled = _switch("Enabled", "It is asked at all.")
    priority = _number("Priority", "From 0 to 1000: the higher, the sooner. 100 is usual.")
    weight = forms.FloatField(
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
        help_text="How useful the answer is, among questions of one priority. 1 is usual.",
    )
    purpose = forms.ChoiceField(
        required=False, widget=UnfoldAdminSelectWidget(), help_text="What the answer is used for."
    )
    segments = forms.MultipleChoiceField(
        label="In one of these segments",
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )
    logins = _number("From login", "0 for the first one on.")
    days = _number("Days since sign-up", "0 for at once.")
    clients = _texts("By one of these apps", "Client ids, separated by commas; empty for all.")
    locales = _texts("Who reads one of these languages", "Such as fr, en-GB; empty for all.")

    def __init__(
        self, data: QueryDict | None, schema: Schema, known: Iterable[str], row: models.Question
    ) -> None:
        super().__init__(data)
        self.row, self.added = row, row._state.adding
        self.fields["key"].disabled = not self.added
        entry, when = row.entry, row.entry.get("when", {})
        self._choose("about", _attributes(schema, entry.get("attributes", ())))
        self._choose("purpose", _purposes(entry.get("purpose", "")))
        gone = [name for name in when.get("segments", ()) if name not in set(known)]
        self._choose(
            "segments",
            [*((name, name) for name in known), *((name, f"{name} (gone)") for name in gone)],
        )
        if not known and not gone:
            self.fields["segments"].help_text = "There are none yet."
        self._begin(entry, when)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def _begin(self, entry: dict[str, Any], when: dict[str, Any]) -> None:
        fields = [*Question.model_fields.items(), *When.model_fields.items()]
        shown: dict[str, Any] = {
            name: about.default for name, about in fields if name in self.fields
        }
        shown |= {name: entry[name] for name in entry if name in self.fields}
        shown |= {name: when[name] for name in WHEN if name in when}
        for name in ("clients", "locales"):
            shown[name] = ", ".join(shown[name])
        shown["segments"] = list(shown["segments"])
        shown["weight"] = f"{shown['weight']:g}"
        self.initial = {**shown, "key": self.row.key}
        self.initial["about"] = list(entry.get("attributes", ()))

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Return the fields of the question itself, by group."""
        for title, names in GROUPS:
            yield title, [self[name] for name in names]

    def when_fields(self) -> list[forms.BoundField]:
        """Return the fields that say who is asked."""
        return [self[name] for name in WHEN]

    def clean_key(self) -> str:
        """Refuse a key that is taken."""
        key = str(self.cleaned_data["key"])
        if self.added and models.Question.objects.filter(pk=key).exists():
            raise Refused("There is a question of this key already.")
        return key

    def entry(self) -> dict[str, Any]:
        """Return the entry a file would hold, without words, conditions and variants."""
        said = self.cleaned_data
        names = ("key", "priority", "weight", "purpose", *SWITCHES)
        entry = {name: said[name] for name in names if name in said}
        entry["attributes"] = self._in_order(said.get("about", []))
        when: dict[str, Any] = {
            name: said[name] for name in ("segments", "logins", "days") if name in said
        }
        when |= {name: split(said[name]) for name in ("clients", "locales") if name in said}
        return {**entry, "when": when}

    def _in_order(self, chosen: Sequence[str]) -> list[str]:
        """Keep the order in which the attributes were asked; new ones come last."""
        before = [name for name in self.row.entry.get("attributes", ()) if name in chosen]
        return [*before, *(name for name in chosen if name not in before)]


def _attributes(schema: Schema, chosen: Iterable[str]) -> list[tuple[str, str]]:
    offered = []
    for name, label in attribute_choices(schema):
        if name in IDENTITY_COUPLED:
            continue
        may = schema.may("end_user", "write", name)
        offered.append((name, label if may else f"{label} ({UNWRITABLE})"))
    names = {name for name, _ in offered}
    return [*offered, *((one, f"{one} (nobody defined it)") for one in chosen if one not in names)]


def _purposes(chosen: str) -> list[tuple[str, str]]:
    found = {name: purpose.title or name for name, purpose in consent.purposes().items()}
    if chosen:
        found.setdefault(chosen, chosen)
    return [("", "None is named"), *found.items()]
