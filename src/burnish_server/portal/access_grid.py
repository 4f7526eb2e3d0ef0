"""The fields of who may see an attribute, and of how its facts compete."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from pydantic import ValidationError as Unfit
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from burnish.attributes.access import DEFAULT_CUSTOM, LEVELS, Access
from burnish.attributes.faults import faults_of
from burnish.attributes.merge import Merge

PARTIES = {"end_user": "The user", "bearer": "Apps", "portal_ui": "Administrators"}
WORDS = {"hidden": "Hidden", "readonly": "See", "readwrite": "See and edit"}

WAYS = {
    "standing": "The person's word first, then administrators', social identities', guesses",
    "newest": "The newest, whoever said it",
    "most_confident": "The surest, whoever said it",
}


def access_words(access: Mapping[str, str]) -> str:
    """Return who sees an attribute, in words."""
    seen = [
        f"{name} ({WORDS[access[party]].lower()})"
        for party, name in PARTIES.items()
        if access[party] != "hidden"
    ]
    return ", ".join(seen) or "Nobody: for hooks only"


class AccessGrid(forms.Widget):
    """A row for each party, a column for each level; it is posted as three radio groups."""

    template_name = "portal/access_grid.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give the template the rows."""
        chosen = value if isinstance(value, Mapping) else DEFAULT_CUSTOM.model_dump()
        rows = [
            {
                "name": f"{name}_{party}",
                "label": label,
                "cells": [
                    {"level": level, "words": WORDS[level], "on": chosen.get(party) == level}
                    for level in LEVELS
                ],
            }
            for party, label in PARTIES.items()
        ]
        return super().get_context(name, value, attrs) | {"rows": rows, "words": WORDS.values()}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        """Return the level posted for each party."""
        return {party: data.get(f"{name}_{party}") for party in PARTIES}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return all(f"{name}_{party}" not in data for party in PARTIES)

    def id_for_label(self, id_: str) -> str:
        """Have the label name the group rather than one of its buttons."""
        return ""


class AccessField(forms.Field):
    """One of the eight legal combinations, as `{party: level}`."""

    widget = AccessGrid

    def clean(self, value: Any) -> dict[str, str]:
        """Refuse a combination that is not legal, with its sentence."""
        if not all((value or {}).get(party) for party in PARTIES):
            raise ValidationError("Choose what each of the three may do.")
        try:
            return Access.model_validate(value).model_dump()
        except Unfit as error:
            raise ValidationError(faults_of(error)[0].message.capitalize() + ".") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(initial != data)


class MergeByField(forms.ChoiceField):
    """Which fact holds where several sources speak."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=list(WAYS.items()), widget=UnfoldAdminSelectWidget(), **options)


class PreferField(forms.CharField):
    """Sources that win in this order, before anything else is asked; one a line."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "help_text",
            "One a line, the first wins: user, admin, social:google, hook:NAME, provider:KEY, or "
            "a kind of source such as provider.",
        )
        widget = UnfoldAdminTextareaWidget(attrs={"rows": 3, "spellcheck": "false"})
        super().__init__(widget=widget, **options)


def merge_of(by: str, prefer: str) -> str | dict[str, Any]:
    """Return what two fields say as the model stores it; raise a form error for an odd source."""
    sources = [line.strip() for line in prefer.splitlines() if line.strip()]
    try:
        return Merge.model_validate({"by": by or "standing", "prefer": sources}).as_entry()
    except Unfit as error:
        raise ValidationError([fault.message for fault in faults_of(error)]) from None
