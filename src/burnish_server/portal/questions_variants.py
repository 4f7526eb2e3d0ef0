"""The rows of a question's variants: a name, other words, another priority."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from burnish.questions.question import Variant
from burnish_server.portal import questions_words as words
from burnish_server.portal.questions_rows import Rows

MOST = 4


class VariantForm(forms.Form):
    """One other way to put a question; without a name, words and priority it is none."""

    name = forms.CharField(
        required=False,
        max_length=40,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "b"}),
        help_text="What it is called in figures, such as b; the question as it stands is a.",
    )
    priority = forms.IntegerField(
        label="Other priority",
        required=False,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text="From 0 to 1000; empty for the same.",
    )

    def __init__(self, data: QueryDict | None, prefix: str, shown: Mapping[str, Any]) -> None:
        super().__init__(data, prefix=prefix, initial=dict(shown))
        self.words = words.rows(data, f"{prefix}-words", shown.get("words", {}))

    @property
    def is_spare(self) -> bool:
        """Whether nothing is filled in."""
        return not (self["name"].value() or self["priority"].value() or self.words.filled)

    def is_valid(self) -> bool:
        """Say whether its own fields and its words are good."""
        return all([super().is_valid(), self.is_spare or self.words.is_valid()])

    def clean(self) -> dict[str, Any]:
        """Ask for a name, and for something that is other."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.is_spare:
            return cleaned
        if not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", "Give the variant a name.")
        is_same = cleaned.get("priority") is None and not self.words.filled
        if is_same and not self.errors:
            self.add_error("name", "Write other words, or another priority.")
        return cleaned

    def entry(self) -> dict[str, Any]:
        """Return the entry a file would hold."""
        entry: dict[str, Any] = {"name": self.cleaned_data.get("name", "")}
        if found := words.entries(self.words):
            entry["words"] = found
        if self.cleaned_data.get("priority") is not None:
            entry["priority"] = self.cleaned_data["priority"]
        return entry


def rows(data: QueryDict | None, shown: Iterable[Variant]) -> Rows[VariantForm]:
    """Return a row for each variant, and a spare one while there is room."""
    initials = [{"name": one.name, "priority": one.priority, "words": one.words} for one in shown]
    spare = 1 if len(initials) < MOST else 0
    return Rows(data, "variants", VariantForm, initials, spare=spare, most=MOST + 1)
