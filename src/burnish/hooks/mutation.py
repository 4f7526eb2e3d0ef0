"""What a hook's mutation makes of a user: each member that is present replaces the whole object."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from burnish.attributes.schema import Schema
from burnish.attributes.standard import DERIVED, IDENTITY_COUPLED


@dataclass(frozen=True, slots=True)
class Draft:
    """A user's attributes in the course of an operation, and who wrote each last.

    `owned` holds the identity-coupled values the user's identities give; `written_by` maps
    `("standard" | "custom", name)` to the name of the hook that changed it.
    """

    standard: Mapping[str, Any]
    custom: Mapping[str, Any]
    owned: Mapping[str, Any]
    written_by: Mapping[tuple[str, str], str]

    def as_payload(self, user: Mapping[str, Any]) -> dict[str, Any]:
        """Return the user object of the event with this draft's attributes in place."""
        derived = {
            name: value for name, value in user["standard_attributes"].items() if name in DERIVED
        }
        return {
            **user,
            "standard_attributes": {**self.standard, **derived},
            "custom_attributes": dict(self.custom),
        }


def begin(user: Mapping[str, Any]) -> Draft:
    """Return the draft of a user object as the event first carried it."""
    standard = {
        name: value for name, value in user["standard_attributes"].items() if name not in DERIVED
    }
    owned = {name: value for name, value in standard.items() if name in IDENTITY_COUPLED}
    return Draft(standard, dict(user["custom_attributes"]), owned, {})


def apply(draft: Draft, hook: str, mutation: Mapping[str, Any], schema: Schema) -> Draft:
    """Return the draft after `mutations.user` of one hook.

    Standard attributes left out are deleted, but those an identity gives come back. Custom
    attributes left out are deleted; names nobody defined are dropped.
    """
    after = draft
    if "standard_attributes" in mutation:
        given = mutation["standard_attributes"]
        stored = {name: value for name, value in given.items() if name not in DERIVED}
        after = replace(after, standard={**draft.owned, **stored})
    if "custom_attributes" in mutation:
        given = mutation["custom_attributes"]
        after = replace(
            after, custom={name: given[name] for name in given if name in schema.by_name}
        )
    changed = {("standard", name): hook for name in _changed(draft.standard, after.standard)}
    changed |= {("custom", name): hook for name in _changed(draft.custom, after.custom)}
    return replace(after, written_by={**draft.written_by, **changed})


def dropped(mutation: Mapping[str, Any], schema: Schema) -> tuple[str, ...]:
    """Return the custom attributes a mutation names that nobody defined."""
    return tuple(schema.unknown(mutation.get("custom_attributes", {})))


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    absent = object()
    return {
        name for name in {*before, *after} if before.get(name, absent) != after.get(name, absent)
    }
