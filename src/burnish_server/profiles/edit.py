"""Editing a profile by hand: by its person, or by an administrator."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from burnish.attributes.access import Party
from burnish.attributes.faults import Fault, InvalidValues
from burnish.attributes.schema import Schema
from burnish.attributes.standard import DERIVED, IDENTITY_COUPLED
from burnish.profiles.coupled import Owned
from burnish.profiles.document import Document, clear
from burnish.profiles.fact import NOTHING, Attribute, Fact
from burnish_server.profiles import store
from burnish_server.profiles.store import Speech, Written

Speaker = Callable[[Document], Speech]

UNOWNED = "must be one the user signs in with; add it to the account first"
UNKNOWN = "there is no such attribute"
LOCKED = "an administrator set this value and locked it"
THEIRS = "the user said this themselves, and their word holds unless you lock yours"


@dataclass(frozen=True, slots=True)
class Edit:
    """New values by attribute name, `NOTHING` to delete, and whose they are.

    A value counts as said even where it is the one that holds already: so is a guess confirmed.
    `source` is `user`, `admin` or `question:KEY`; `lock` makes an administrator's word the last.
    """

    values: Mapping[str, Any]
    party: Party
    source: str
    lock: bool = False

    @property
    def author(self) -> str:
        """Whose word it is: `user` or `admin`."""
        return "admin" if self.source == "admin" else "user"


def edit(
    user_id: UUID,
    edit: Edit,
    owned: Owned,
    schema: Schema,
    at: datetime,
    base_version: int | None = None,
    by: UUID | None = None,
) -> Written:
    """Write one edit, and return what changed; nobody is asked and nobody is told.

    Raises `AccessControlViolated`, `InvalidValues`, or `Conflict` when one of these attributes
    changed since `base_version`.
    """
    said = speech([edit], owned, schema, at)
    return store.write(user_id, said, at, schema, base_version=base_version, by=by)


def speech(edits: Sequence[Edit], owned: Owned, schema: Schema, at: datetime) -> Speaker:
    """Return what these edits say in view of a profile, all of it or nothing.

    A person's deleting refuses the guesses made so far. Raises `AccessControlViolated` or
    `InvalidValues`, as does the speech.
    """
    names = [name for edit in edits for name in edit.values]
    unknown = [name for name in names if schema.find(name) is None and name not in DERIVED]
    if unknown:
        raise InvalidValues([Fault(f"/{name}", UNKNOWN) for name in unknown])
    for edit in edits:
        schema.require_write(edit.party, edit.values)
    places = {name: place for name in names if (place := schema.find(name))}

    def speak(document: Document) -> Speech:
        said: list[Fact] = []
        withdrawn: list[tuple[Attribute, str]] = []
        faults: list[Fault] = []
        for edit in edits:
            for name, value in edit.values.items():
                refused = _refusal(name, value, edit, document, places[name], owned)
                if sentence := refused or _unfit(value, schema, places[name]):
                    faults.append(Fault(f"/{name}", sentence))
                elif value is NOTHING and edit.source != "admin":
                    turned_away, gone = clear(document, places[name], at)
                    said += turned_away
                    withdrawn += gone
                else:
                    said.append(Fact(*places[name], value, edit.source, at, locked=edit.lock))
        if faults:
            raise InvalidValues(faults)
        return said, withdrawn

    return speak


def _refusal(
    name: str, value: Any, edit: Edit, document: Document, place: Attribute, owned: Owned
) -> str | None:
    values = owned.get(name, ())
    if name in IDENTITY_COUPLED and value not in values and (value is not NOTHING or values):
        return UNOWNED
    standings = {fact.standing for fact in _heard(document, place)}
    locked = any(fact.locked for fact in _heard(document, place))
    if edit.source != "admin":
        return LOCKED if locked else None
    # An unlocked word takes the place of a locked one: so is a value given back to the user.
    return THEIRS if "person" in standings and not edit.lock and not locked else None


def _unfit(value: Any, schema: Schema, place: Attribute) -> str | None:
    return None if value is NOTHING else schema.refuse(*place, value)


def _heard(document: Document, place: Attribute) -> list[Fact]:
    group, key = place
    slots: Mapping[str, Mapping[str, Any]] = document.facts.get(group, {}).get(key, {})
    facts = [Fact.from_json(group, key, source, stored) for source, stored in slots.items()]
    return [fact for fact in facts if not fact.refused]
