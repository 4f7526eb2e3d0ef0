"""Form fields for values: shown, untouched, emptied, typed anew."""

from typing import Any

import pytest
from django import forms
from django.utils import timezone

from burnish.attributes.custom import CustomAttribute
from burnish.profiles.fact import NOTHING, Fact
from burnish.profiles.policy import Explanation
from burnish_server.profiles import fields
from burnish_server.profiles.view import Row

EXAMPLES: list[tuple[str, Any]] = [
    ("string", "Lyon"),
    ("string", "two\nlines"),
    ("string", " spaced "),
    ("number", 0.5),
    ("number", 1e300),
    ("integer", 12),
    ("integer", 12.0),
    ("enum", "pro"),
    ("phone_number", "+46701740605"),
    ("email", "ada@nordlake.example"),
    ("url", "https://nordlake.example/ada"),
    ("country_code", "SE"),
    ("boolean", True),
    ("boolean", False),
    ("date", "2026-03-04"),
    ("datetime", "2026-03-04T05:06:07Z"),
    ("datetime", "2026-03-04T05:06:07.123456+02:00"),
    ("datetime", "0001-01-01T00:00:00+05:00"),
    ("string_list", ["a", "b c"]),
    ("address", {"locality": "Lyon", "floor": 3}),
]


def row(kind: str, value: Any = NOTHING, **options: Any) -> Row:
    """Return a row of an attribute of this type, with a value or without."""
    standard = {"address": "address", "time_zone": "zoneinfo"}.get(kind)
    said = Fact("custom", "it", value, "hook:geo", timezone.now())
    why = None if value is NOTHING else Explanation(said, False, ())
    if standard:
        return Row("standard", standard, "It", None, why)
    choices = ["free", "pro"] if kind == "enum" else None
    entry = {"id": "it", "pointer": "/it", "type": kind, "enum": choices} | options
    return Row("custom", "it", "It", CustomAttribute.model_validate(entry), why)


def sent(field: forms.Field, html: str) -> Any:
    """Return what a browser would send of a field rendered like this."""
    found = forms.Form({})
    assert found is not None
    return html


def form_of(field: fields.ValueField, data: dict[str, str] | None = None) -> forms.Form:
    """Return a form with this one field, `it`."""
    form = forms.Form(data)
    form.fields["it"] = field
    return form


def posted(field: fields.ValueField) -> dict[str, str]:
    """Return what a browser posts when nothing was touched."""
    shown = field.initial
    return {f"it_{k}": str(v) for k, v in shown.items()} if isinstance(shown, dict) else {"it": shown}


@pytest.mark.parametrize(("kind", "value"), EXAMPLES)
def test_an_untouched_field_changes_nothing(kind: str, value: Any) -> None:
    field = fields.field_for(row(kind, value))

    form = form_of(field, {name: text.replace("\n", "\r\n") for name, text in posted(field).items()})

    assert form.is_valid()
    assert form.changed_data == []
