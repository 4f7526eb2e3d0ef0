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


def form_of(field: fields.ValueField, data: dict[str, str] | None = None) -> forms.Form:
    """Return a form with this one field, `it`."""
    form = forms.Form(data)
    form.fields["it"] = field
    return form


def posted(field: fields.ValueField) -> dict[str, str]:
    """Return what a browser posts when nothing was touched."""
    shown = field.initial
    return (
        {f"it-{k}": str(v) for k, v in shown.items()} if isinstance(shown, dict) else {"it": shown}
    )


@pytest.mark.parametrize(("kind", "value"), EXAMPLES)
def test_an_untouched_field_changes_nothing(kind: str, value: Any) -> None:
    field = fields.field_for(row(kind, value))

    form = form_of(
        field, {name: text.replace("\n", "\r\n") for name, text in posted(field).items()}
    )

    assert form.is_valid()
    assert form.changed_data == []


@pytest.mark.parametrize(("kind", "value"), EXAMPLES)
def test_an_emptied_field_means_no_value(kind: str, value: Any) -> None:
    field = fields.field_for(row(kind, value))

    form = form_of(field, dict.fromkeys(posted(field), " "))

    assert form.is_valid()
    assert form.cleaned_data["it"] is NOTHING
    assert form.changed_data == ["it"]


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("string", " Lyon ", "Lyon"),
        ("number", "0.5", 0.5),
        ("number", "many", "many"),
        ("integer", "12", 12),
        ("integer", "9" * 5000, float("inf")),
        ("boolean", "true", True),
        ("boolean", "false", False),
        ("boolean", "maybe", "maybe"),
        ("date", "2026-03-04", "2026-03-04"),
        ("datetime", "2026-03-04T05:06", "2026-03-04T05:06:00Z"),
        ("datetime", "2026-03-04T05:06:07", "2026-03-04T05:06:07Z"),
        ("datetime", "2026-03-04T05:06:07+02:00", "2026-03-04T05:06:07+02:00"),
        ("datetime", "tomorrow", "tomorrow"),
        ("string_list", " a \r\n\r\nb\r\n", ["a", "b"]),
        ("time_zone", "Europe/Stockholm", "Europe/Stockholm"),
    ],
)
def test_what_is_typed_becomes_a_value_of_the_type_or_stays_a_text(
    kind: str, typed: str, value: Any
) -> None:
    form = form_of(fields.field_for(row(kind)), {"it": typed})

    assert form.is_valid()
    assert form.cleaned_data["it"] == value
    assert type(form.cleaned_data["it"]) is type(value)


def test_an_address_is_typed_in_parts_and_keeps_those_no_form_knows() -> None:
    field = fields.field_for(row("address", {"locality": "Lyon", "floor": 3}))

    form = form_of(field, {"it-locality": "Paris", "it-country": "FR", "it-floor": "9"})

    assert form.is_valid()
    assert form.cleaned_data["it"] == {"locality": "Paris", "country": "FR", "floor": 3}


@pytest.mark.parametrize(
    ("kind", "value", "markup"),
    [
        ("boolean", True, '<option value="true" selected>Yes</option>'),
        ("enum", "pro", '<option value="pro" selected>pro</option>'),
        ("enum", "gone", '<option value="gone" selected>gone</option>'),
        ("date", "2026-03-04", 'type="date" name="it" value="2026-03-04"'),
        ("datetime", "2026-03-04T05:06:07+02:00", 'value="2026-03-04T03:06:07"'),
        ("time_zone", NOTHING, '<option value="Europe/Stockholm">'),
        ("country_code", NOTHING, '<option value="SE">'),
        (
            "address",
            {"locality": "<b>"},
            'name="it-locality" id="id_it-locality" value="&lt;b&gt;"',
        ),
        ("string", "two\nlines", "<textarea"),
    ],
)
def test_each_type_is_typed_into_a_field_of_its_kind(kind: str, value: Any, markup: str) -> None:
    form = form_of(fields.field_for(row(kind, value)))

    assert markup in str(form["it"])


def test_the_help_text_of_the_definition_stands_by_the_field() -> None:
    assert fields.field_for(row("country_code")).help_text == "Two capital letters, such as SE."
    assert fields.field_for(row("string", help_text="Where?")).help_text == "Where?"
