"""Form fields for the values of attributes, a kind for each type; the door dresses them."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.forms.widgets import Input, Widget
from django.utils.translation import gettext_lazy as _

from burnish.attributes.faults import Fault
from burnish.attributes.formats import COUNTRY_CODES
from burnish.attributes.standard import ADDRESS_PARTS
from burnish.attributes.value import same
from burnish.profiles.fact import NOTHING
from burnish_server.profiles.sentences import worded
from burnish_server.profiles.suggestions import AddressInput, Suggesting
from burnish_server.profiles.view import Row

_STANDARD = {
    "email": "email",
    "phone_number": "phone_number",
    "picture": "url",
    "profile": "url",
    "website": "url",
    "address": "address",
    "zoneinfo": "time_zone",
}

_HELP = {
    "country_code": _("Two capital letters, such as SE."),
    "phone_number": _("With the country code, such as +46701740605."),
    "datetime": _("In UTC."),
    "string_list": _("One a line."),
    "birthdate": _("Such as 1990-07-24, or 1990 alone."),
    "locale": _("A language tag such as sv or zh-HK."),
    "time_zone": _("Such as Europe/Stockholm."),
}


class ValueField(forms.Field):
    """A text. Left empty it is `NOTHING`; whether a value is good is the schema's to say."""

    def __init__(self, row: Row) -> None:
        help_text = row.definition.help_text if row.definition else ""
        self.kind = kind_of(row)
        super().__init__(
            required=False,
            label=row.label,
            help_text=help_text or _HELP.get(self.kind, _HELP.get(row.name, "")),
            widget=self.widget_for(row),
        )
        self.initial = "" if row.value is None else self.to_form(row.value)

    def widget_for(self, row: Row) -> Widget:
        """Return what the value is typed into, without any dress."""
        if isinstance(row.value, str) and "\n" in row.value:
            return forms.Textarea({"rows": 3})
        kinds: dict[str, Input] = {
            "email": forms.EmailInput(),
            "url": forms.URLInput(),
            "phone_number": forms.TextInput({"inputmode": "tel"}),
            "number": forms.TextInput({"inputmode": "decimal"}),
            "integer": forms.TextInput({"inputmode": "numeric"}),
            "date": forms.TextInput({"type": "date"}),
            "datetime": forms.TextInput({"type": "datetime-local", "step": "1"}),
        }
        widget = kinds.get(self.kind) or forms.TextInput()
        widget.input_type = widget.attrs.pop("type", widget.input_type)
        return widget

    def to_form(self, value: Any) -> Any:
        """Return a stored value as the form shows it."""
        return str(value)

    def from_form(self, given: Any) -> Any:
        """Return what was typed as a value; what does not parse stays a text."""
        text = str(given or "").replace("\r\n", "\n").strip()
        return self.parse(text) if text else NOTHING

    def parse(self, text: str) -> Any:
        """Return the value a text stands for."""
        return text

    def clean(self, value: Any) -> Any:
        """Return the value, or `NOTHING`."""
        return self.from_form(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether another value was typed than the one that was shown."""
        return not self.disabled and not same(self.from_form(initial), self.from_form(data))


class NumberField(ValueField):
    """A number, whole where it can be."""

    def to_form(self, value: Any) -> str:
        whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
        return str(int(value)) if whole else str(value)

    def parse(self, text: str) -> Any:
        for kind in (int, float):
            try:
                return kind(text)
            except ValueError:
                continue
        return text


class MomentField(ValueField):
    """A time, typed and shown in UTC to the second."""

    def to_form(self, value: Any) -> str:
        try:
            return f"{datetime.fromisoformat(value).astimezone(UTC):%Y-%m-%dT%H:%M:%S}".zfill(19)
        except (OverflowError, ValueError):
            return str(value)[:19]

    def parse(self, text: str) -> str:
        if re.fullmatch(r"[0-9-]{10}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?", text):
            seconds = "" if len(text) > 16 else ":00"
            return f"{text[:10]}T{text[11:]}{seconds}Z"
        return text


class ChoiceField(ValueField):
    """One of several choices, or none."""

    def widget_for(self, row: Row) -> Widget:
        return forms.Select(choices=[("", _("Not set")), *self.choices_of(row)])

    def choices_of(self, row: Row) -> Iterable[tuple[str, str]]:
        """Return the choices; a value that has ceased to be one is among them."""
        listed = (row.definition.enum if row.definition else None) or []
        gone = [row.value] if row.value is not None and row.value not in listed else []
        return [(choice, choice) for choice in [*listed, *gone]]


class YesNoField(ChoiceField):
    """Yes, no, or not set."""

    def choices_of(self, row: Row) -> Iterable[tuple[str, str]]:
        return (("true", str(_("Yes"))), ("false", str(_("No"))))

    def to_form(self, value: Any) -> str:
        return str(value).lower()

    def parse(self, text: str) -> Any:
        return {"true": True, "false": False}.get(text, text)


class LinesField(ValueField):
    """A list of texts, one a line."""

    def widget_for(self, row: Row) -> Widget:
        return forms.Textarea({"rows": 4})

    def to_form(self, value: Any) -> str:
        return "\n".join(map(str, value))

    def parse(self, text: str) -> list[str]:
        return [line.strip() for line in text.split("\n") if line.strip()]


class SuggestingField(ValueField):
    """A text for which the browser suggests what is known to be good."""

    def widget_for(self, row: Row) -> Widget:
        suggestions = sorted(COUNTRY_CODES) if self.kind == "country_code" else _time_zones()
        return Suggesting(suggestions)


class AddressField(ValueField):
    """An address in its parts. Parts no form knows are kept as they are."""

    def __init__(self, row: Row) -> None:
        known = row.value if isinstance(row.value, Mapping) else {}
        self.kept = {part: of for part, of in known.items() if part not in ADDRESS_PARTS}
        super().__init__(row)

    def widget_for(self, row: Row) -> Widget:
        return AddressInput(ADDRESS_PARTS)

    def to_form(self, value: Any) -> Any:
        return value if isinstance(value, Mapping) else {}

    def from_form(self, given: Any) -> Any:
        parts = given if isinstance(given, Mapping) else {}
        texts = {part: super(AddressField, self).from_form(of) for part, of in parts.items()}
        typed = {
            part: text
            for part, text in texts.items()
            if part in ADDRESS_PARTS and text is not NOTHING
        }
        return {**typed, **self.kept} if typed else NOTHING


_FIELDS: dict[str, type[ValueField]] = {
    "number": NumberField,
    "integer": NumberField,
    "datetime": MomentField,
    "enum": ChoiceField,
    "boolean": YesNoField,
    "string_list": LinesField,
    "country_code": SuggestingField,
    "time_zone": SuggestingField,
    "address": AddressField,
}


def kind_of(row: Row) -> str:
    """Return an attribute's type; standard ones have `time_zone` and `address` besides."""
    return row.definition.type if row.definition else _STANDARD.get(row.name, "string")


def field_for(row: Row) -> ValueField:
    """Return the field to edit an attribute with; its value is filled in."""
    return _FIELDS.get(kind_of(row), ValueField)(row)


def beside_field(fault: Fault) -> str:
    """Return what is wrong with a value as a sentence to stand beside its field."""
    sentence = worded(fault.message)
    return f"{sentence[:1].upper()}{sentence[1:]}."


@cache
def _time_zones() -> list[str]:
    return sorted(zone for zone in available_timezones() if "/" in zone)
