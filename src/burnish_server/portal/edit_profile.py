"""User management > Users > Edit profile: what administrators say of a user."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from unfold.widgets import CHECKBOX_CLASSES, INPUT_CLASSES, SELECT_CLASSES, TEXTAREA_CLASSES

from burnish.attributes.faults import Fault, InvalidValues
from burnish.attributes.schema import Schema
from burnish.attributes.standard import IDENTITY_COUPLED
from burnish.profiles.coupled import Owned
from burnish_server.audit import log
from burnish_server.identity import circumstances, owned
from burnish_server.identity.flows.update_profile import Update, update
from burnish_server.identity.models import User
from burnish_server.portal.in_the_way import in_the_way
from burnish_server.portal.pages import actor
from burnish_server.profiles import store, view
from burnish_server.profiles.edit import Edit
from burnish_server.profiles.fields import ValueField, beside_field, field_for
from burnish_server.profiles.models import History, Profile
from burnish_server.profiles.store import Written
from burnish_server.profiles.suggestions import Suggesting
from burnish_server.profiles.view import Row
from burnish_server.profiles.wording import lines

MEANWHILE = "Somebody else changed this meanwhile; it is now {}. Save again to write yours instead."

Changed = dict[str, tuple[Any, bool]]
"""What was changed, by attribute: the value, and whether it is locked."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One attribute of the form: its field, its lock, and who said what it is now."""

    field: BoundField
    lock: BoundField
    source: str
    errors: tuple[str, ...]


class ProfileForm(forms.Form):
    """A field for each attribute the portal may write, and a box to lock it.

    What was not touched is not written: `shown` remembers what the form showed.
    """

    base_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None, profile: Profile, schema: Schema, owned: Owned
    ) -> None:
        super().__init__(data)
        self.meanwhile: dict[str, str] = {}
        self.rows = [
            row
            for row in view.all_rows(profile, schema, "portal_ui")
            if schema.may("portal_ui", "write", row.name) and _is_free(row, owned)
        ]
        for row in self.rows:
            self.fields[f"value-{row.name}"] = _dressed(field_for(row), owned.get(row.name, ()))
            self.fields[f"lock-{row.name}"] = _lock(row)
        self.fields["base_version"].initial = profile.version
        self.fields["shown"].initial = json.dumps(self._as_shown())

    def _as_shown(self) -> dict[str, Any]:
        named = [f"{part}-{row.name}" for row in self.rows for part in ("value", "lock")]
        return {name: self.fields[name].initial for name in named}

    def groups(self) -> Iterator[tuple[str, list[Entry]]]:
        """Return the entries by group."""
        for title, group in (("Standard", "standard"), ("Custom", "custom")):
            rows = [row for row in self.rows if row.group == group]
            if rows:
                yield f"{title} attributes", [self._entry(row) for row in rows]

    def _entry(self, row: Row) -> Entry:
        field = self[f"value-{row.name}"]
        meanwhile = self.meanwhile.get(row.name)
        errors = (*field.errors, *([meanwhile] if meanwhile else []))
        return Entry(field, self[f"lock-{row.name}"], row.source_words, errors)

    def changed(self) -> Changed:
        """Return what the administrator changed; call it on a valid form."""
        shown = self._as_shown() | _parsed(self.cleaned_data["shown"])
        found: Changed = {}
        for row in self.rows:
            value, lock = f"value-{row.name}", f"lock-{row.name}"
            typed = self.fields[value].has_changed(shown[value], self[value].data)
            if typed or self.cleaned_data[lock] is not shown[lock]:
                found[row.name] = self.cleaned_data[value], self.cleaned_data[lock]
        return found

    def blame(self, fault: Fault) -> None:
        """Put what is wrong beside its field."""
        self.add_error(f"value-{fault.path.removeprefix('/')}", beside_field(fault))

    def keep(self, typed: "ProfileForm", since: set[str]) -> None:
        """Take over what was typed into another form, and say what changed since that was shown."""
        rows = {row.name: row for row in self.rows}
        for name in typed.changed().keys() & rows.keys():
            for part in ("value", "lock"):
                self.initial[f"{part}-{name}"] = typed[f"{part}-{name}"].data
            if name in since:
                now = " ".join(lines(rows[name].value)) if rows[name].winner else "empty"
                self.meanwhile[name] = MEANWHILE.format(now)


def save(request: HttpRequest, user: User, form: ProfileForm, schema: Schema) -> list[str] | None:
    """Write what was changed, all of it or nothing, and return the names.

    None where the form says what is wrong now, or who refused it. Raises `Conflict`.
    """
    changed = form.changed()
    if not changed:
        return []
    edits = [
        Edit(values, "portal_ui", "admin", lock)
        for lock in (False, True)
        if (values := {name: value for name, (value, locked) in changed.items() if locked is lock})
    ]
    base = form.cleaned_data["base_version"]
    asked = Update(user, edits, schema, timezone.now(), base, request.user.pk)
    try:
        outcome = update(
            asked,
            circumstances.of(request, triggered_by="portal"),
            also=lambda: _record(request, user, changed),
        )
    except InvalidValues as error:
        for fault in error.faults:
            form.blame(fault)
        return None
    if isinstance(outcome, Written):
        return list(changed)
    form.add_error(None, in_the_way(outcome, "Nothing was changed"))
    return None


def _record(request: HttpRequest, user: User, changed: Changed) -> None:
    log.record(actor(request), "changed", "profile", user.pk, user, _detail(changed))


def after_conflict(user: User, typed: ProfileForm, schema: Schema) -> ProfileForm:
    """Return a form of the profile as it is now, with what was typed."""
    since = History.objects.filter(
        user_id=user.pk, version__gt=typed.cleaned_data["base_version"]
    ).values_list("group", "key")
    places = set(since)
    form = ProfileForm(None, store.of(user.pk), schema, owned.of(user))
    form.keep(typed, {row.name for row in form.rows if schema.find(row.name) in places})
    return form


def _detail(changed: Changed) -> dict[str, list[str]]:
    locked = sorted(name for name, (_, lock) in changed.items() if lock)
    return {"attributes": sorted(changed)} | ({"locked": locked} if locked else {})


def _is_free(row: Row, owned: Owned) -> bool:
    # With one address to sign in with, there is nothing to choose.
    return row.name not in IDENTITY_COUPLED or len(owned.get(row.name, ())) > 1


def _lock(row: Row) -> forms.BooleanField:
    locked = bool(row.explanation and row.explanation.winner.locked)
    box = forms.CheckboxInput({"class": " ".join(CHECKBOX_CLASSES)})
    return forms.BooleanField(label="Lock", required=False, initial=locked, widget=box)


def _dressed(field: ValueField, owned: Sequence[str]) -> ValueField:
    if owned:
        field.widget = Suggesting(owned)
    dress = INPUT_CLASSES
    if isinstance(field.widget, forms.Select | forms.Textarea):
        dress = SELECT_CLASSES if isinstance(field.widget, forms.Select) else TEXTAREA_CLASSES
    field.widget.attrs["class"] = " ".join(dress)
    return field


def _parsed(shown: str) -> dict[str, Any]:
    try:
        parsed = json.loads(shown)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}
