"""The simulator's form: who comes, how often, and what they do."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from burnish.attributes.convert import convert
from burnish.attributes.schema import Schema
from burnish.profiles.fact import Fact
from burnish_server.portal.questions_predicates import attribute_choices, split
from burnish_server.portal.questions_rows import Rows

DEEDS = (
    ("answer", "They answer"),
    ("skip", "They skip"),
    ("refuse", "They say never again"),
    ("leave", "They go away"),
)
SOURCES = (("user", "They themselves"), ("provider:example", "A provider, as a guess"))


class SimulatorForm(forms.Form):
    """Who comes, and how."""

    user = forms.CharField(
        label="User",
        required=False,
        max_length=320,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text="The beginning of an e-mail address, a name, or an id. "
        "Empty for a made-up profile, described below.",
    )
    apart = forms.FloatField(
        label="Days between logins",
        initial="7",
        min_value=0,
        max_value=3650,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
    )
    deed = forms.ChoiceField(
        label="At each question",
        choices=DEEDS,
        initial="answer",
        widget=UnfoldAdminSelectWidget(),
        help_text="Who cannot skip a required one answers it.",
    )
    languages = forms.CharField(
        required=False,
        max_length=200,
        initial="en",
        widget=UnfoldAdminTextInputWidget(),
        help_text="As their browser says, the preferred first: fr-CA, en.",
    )
    client = forms.CharField(
        label="App",
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget(),
        help_text="The client id of the app they come by; empty for none.",
    )
    logins = forms.IntegerField(
        label="Logins so far",
        initial=0,
        min_value=0,
        max_value=100_000,
        widget=UnfoldAdminIntegerFieldWidget(),
    )
    days = forms.IntegerField(
        label="Days since sign-up",
        initial=0,
        min_value=0,
        max_value=36_500,
        widget=UnfoldAdminIntegerFieldWidget(),
    )

    def clean_languages(self) -> list[str]:
        """Split at commas."""
        return split(self.cleaned_data["languages"])

    def visit(self) -> list[forms.BoundField]:
        """Return the fields that hold for whoever comes."""
        return [self[name] for name in ("apart", "deed", "languages", "client")]

    def made_up(self) -> list[forms.BoundField]:
        """Return the fields of a made-up profile."""
        return [self["logins"], self["days"]]


class KnownForm(forms.Form):
    """One thing that is known of a made-up profile."""

    attribute = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget())
    value = forms.CharField(required=False, max_length=2000, widget=UnfoldAdminTextInputWidget())
    source = forms.ChoiceField(
        label="Who said so",
        choices=SOURCES,
        required=False,
        initial="user",
        widget=UnfoldAdminSelectWidget(),
    )

    def __init__(
        self, data: QueryDict | None, prefix: str, shown: Mapping[str, Any], schema: Schema
    ) -> None:
        super().__init__(data, prefix=prefix, initial=dict(shown) or None)
        self.schema = schema
        self.fact: Fact | None = None
        choice: Any = self.fields["attribute"]
        offered = [one for one in attribute_choices(schema) if one[0] != "address"]
        choice.choices = [("", "Choose an attribute"), *offered]

    @property
    def is_spare(self) -> bool:
        """Whether nothing is filled in."""
        return not (self["attribute"].value() or self["value"].value())

    def clean(self) -> dict[str, Any]:
        """Make the fact, its value of the attribute's type."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors or self.is_spare:
            return cleaned
        name, value = cleaned["attribute"], cleaned["value"]
        place = self.schema.find(name)
        if place is None:
            self.add_error("attribute", "Choose an attribute.")
            return cleaned
        if custom := self.schema.by_name.get(name):
            value = split(value) if custom.type == "string_list" else convert(value, custom)[0]
        if refusal := self.schema.refuse(*place, value):
            self.add_error("value", f"{refusal[:1].upper()}{refusal[1:]}.")
            return cleaned
        source = cleaned.get("source") or "user"
        self.fact = Fact(*place, value, source, timezone.now())
        return cleaned


def known_rows(data: QueryDict | None, schema: Schema) -> Rows[KnownForm]:
    """Return rows for what is known of a made-up profile."""

    def make(data: QueryDict | None, prefix: str, shown: Mapping[str, Any]) -> KnownForm:
        return KnownForm(data, prefix, shown, schema)

    return Rows(data, "known", make, [], spare=4)
