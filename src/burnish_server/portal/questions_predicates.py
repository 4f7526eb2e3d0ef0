"""The rows of a condition: an attribute, a test, and what it is held against."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from pydantic import ValidationError
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from burnish.attributes.convert import convert
from burnish.attributes.custom import default_label
from burnish.attributes.schema import Schema
from burnish.profiles.predicate import Predicate
from burnish_server.portal.questions_rows import Rows

TESTS = (("known", "is known"), ("unknown", "is not known"), ("is", "is"), ("one_of", "is one of"))


class PredicateForm(forms.Form):
    """One test of an attribute; without an attribute it is none."""

    attribute = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget())
    test = forms.ChoiceField(choices=TESTS, required=False, widget=UnfoldAdminSelectWidget())
    value = forms.CharField(required=False, max_length=2000, widget=UnfoldAdminTextInputWidget())

    def __init__(self, data: QueryDict | None, prefix: str, shown: Mapping[str, Any]) -> None:
        super().__init__(data, prefix=prefix, initial=dict(shown))
        self.predicate: Predicate | None = None
        self.schema = Schema()
        self.kept: Sequence[Predicate] = ()

    def under(self, schema: Schema, kept: Sequence[Predicate]) -> "PredicateForm":
        """Offer the attributes the portal shows; one that is gone or hidden is offered as that.

        `kept` are the tests that were there before: of attributes hidden from the portal, they may
        stay as they are, and no others are taken.
        """
        self.schema, self.kept = schema, kept
        chosen = str(self["attribute"].value() or "")
        offered = [one for one in attribute_choices(schema) if not self._is_hidden(one[0])]
        if chosen and schema.find(chosen) is None:
            offered.append((chosen, f"{chosen} (nobody defined it)"))
        elif chosen and self._is_hidden(chosen):
            offered.append((chosen, f"{chosen} (hidden from the portal)"))
        choice: Any = self.fields["attribute"]
        choice.choices = [("", "Choose an attribute"), *offered]
        return self

    @property
    def is_spare(self) -> bool:
        """Whether nothing is filled in."""
        return not (self["attribute"].value() or self["value"].value())

    def clean(self) -> dict[str, Any]:
        """Make the predicate, its values of the attribute's type."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        name, test = cleaned.get("attribute"), cleaned.get("test") or "known"
        text = cleaned.get("value", "")
        if self.errors or not (name or text):
            return cleaned
        if not name:
            self.add_error("attribute", "Choose an attribute.")
            return cleaned
        if test in ("is", "one_of") and not text:
            self.add_error("value", "Say what it is.")
            return cleaned
        entry: dict[str, Any] = {"attribute": name}
        if test in ("known", "unknown"):
            entry["known"] = test == "known"
        elif test == "is":
            entry["is"] = self._typed(name, text)
        else:
            entry["one_of"] = [self._typed(name, part) for part in split(text)]
        try:
            predicate = Predicate.model_validate(entry)
        except ValidationError:
            self.add_error("value", "Say what it is.")
            return cleaned
        if self._is_hidden(name) and predicate not in self.kept:
            self.add_error("attribute", "This attribute is hidden from the portal.")
        elif refusal := predicate.refuse(self.schema):
            known = self.schema.find(name) is not None
            self.add_error(
                "value" if known else "attribute", f"{refusal[:1].upper()}{refusal[1:]}."
            )
        else:
            self.predicate = predicate
        return cleaned

    def _is_hidden(self, name: str) -> bool:
        known = self.schema.find(name) is not None
        return known and not self.schema.may("portal_ui", "read", name)

    def _typed(self, name: str, text: str) -> Any:
        custom = self.schema.by_name.get(name)
        if custom is None or custom.type == "string_list":
            return text.strip()
        value, _ = convert(text, custom)
        return value


def rows(
    data: QueryDict | None, prefix: str, schema: Schema, shown: Iterable[Predicate]
) -> Rows[PredicateForm]:
    """Return a row for each predicate, and spare ones."""
    kept = tuple(shown)

    def make(data: QueryDict | None, prefix: str, shown: Mapping[str, Any]) -> PredicateForm:
        return PredicateForm(data, prefix, shown).under(schema, kept)

    return Rows(data, prefix, make, [_shown(one) for one in kept], spare=2)


def predicates(made: Rows[PredicateForm]) -> tuple[Predicate, ...]:
    """Return the predicates of valid rows."""
    return tuple(row.predicate for row in made if row.predicate)


def attribute_choices(schema: Schema) -> list[tuple[str, str]]:
    """Return the attributes there are, by name and as people see them; custom ones first."""
    custom = [(one.name, one.title) for one in schema.custom]
    return [*custom, *((name, default_label(name)) for name in schema.standard)]


def split(text: str) -> list[str]:
    """Return what commas separate; what stands in quotation marks may hold some."""
    try:
        parts = next(csv.reader([text.replace("\n", " ")], skipinitialspace=True), [])
    except csv.Error:
        parts = text.split(",")
    return [part.strip() for part in parts if part.strip()]


def in_words(predicate: Predicate, schema: Schema) -> str:
    """Return a predicate as people read it."""
    custom = schema.by_name.get(predicate.attribute)
    label = custom.title if custom else default_label(predicate.attribute)
    if predicate.known is not None:
        return f"{label} is {'' if predicate.known else 'not '}known"
    word = "is one of" if predicate.one_of is not None else "is"
    return f"{label} {word} {joined(predicate.wanted)}"


def joined(values: Sequence[Any]) -> str:
    """Return values as they are typed, with commas between them."""
    texts = [_text(value) for value in values]
    return ", ".join(f'"{text}"' if "," in text or '"' in text else text for text in texts)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _shown(one: Predicate) -> dict[str, Any]:
    if one.known is not None:
        test = "known" if one.known else "unknown"
    else:
        test = "is" if one.one_of is None else "one_of"
    value = _text(one.is_) if test == "is" else joined(one.wanted)
    return {"attribute": one.attribute, "test": test, "value": value}
