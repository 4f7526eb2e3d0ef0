"""What a hook's mutation makes of a user.

`standard_attributes` and `custom_attributes` replace the whole object; `standard_attributes_patch`
and `custom_attributes_patch` change only what they name (RFC 7396, JSON merge patch).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from burnish.attributes.schema import Group, Schema
from burnish.attributes.standard import DERIVED, IDENTITY_COUPLED
from burnish.attributes.value import same

MEMBERSHIPS = ("roles", "groups")


@dataclass(frozen=True, slots=True)
class Draft:
    """A user's attributes in the course of an operation, and who wrote each last.

    `owned` holds the identity-coupled values the user's identities give; `written_by` maps
    `("standard" | "custom", name)` to the name of the hook that changed it. `memberships` are the
    keys of the user's `roles` and `groups`; `set_by` says which hook set which of the two last.
    """

    standard: Mapping[str, Any]
    custom: Mapping[str, Any]
    owned: Mapping[str, Any]
    written_by: Mapping[tuple[Group, str], str]
    memberships: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    set_by: Mapping[str, str] = field(default_factory=dict)

    def as_payload(self, user: Mapping[str, Any]) -> dict[str, Any]:
        """Return the user object of the event with this draft's attributes in place."""
        derived = {
            name: value for name, value in user["standard_attributes"].items() if name in DERIVED
        }
        return {
            **user,
            "standard_attributes": {**self.standard, **derived},
            "custom_attributes": dict(self.custom),
            **{member: list(keys) for member, keys in self.memberships.items()},
        }


def begin(user: Mapping[str, Any]) -> Draft:
    """Return the draft of a user object as the event first carried it."""
    standard = {
        name: value for name, value in user["standard_attributes"].items() if name not in DERIVED
    }
    owned = {name: value for name, value in standard.items() if name in IDENTITY_COUPLED}
    memberships = {member: tuple(user.get(member, ())) for member in MEMBERSHIPS}
    return Draft(standard, dict(user["custom_attributes"]), owned, {}, memberships)


def apply(draft: Draft, hook: str, mutation: Mapping[str, Any], schema: Schema) -> Draft:
    """Return the draft after `mutations.user` of one hook.

    Standard attributes left out are deleted, but those an identity gives come back. Custom
    attributes left out are deleted; names nobody defined are dropped. A patch comes on top. Roles
    and groups become exactly what is given.
    """
    standard = patched(
        mutation.get("standard_attributes", draft.standard),
        mutation.get("standard_attributes_patch", {}),
    )
    stored = {name: value for name, value in standard.items() if name not in DERIVED}
    custom = patched(
        mutation.get("custom_attributes", draft.custom), mutation.get("custom_attributes_patch", {})
    )
    known = {name: value for name, value in custom.items() if name in schema.by_name}
    after = replace(draft, standard={**draft.owned, **stored}, custom=known)
    changed: dict[tuple[Group, str], str] = {
        ("standard", name): hook for name in _changed(draft.standard, after.standard)
    }
    changed |= {("custom", name): hook for name in _changed(draft.custom, after.custom)}
    given = {one: mutation[one] for one in MEMBERSHIPS if mutation.get(one) is not None}
    told = {member: tuple(dict.fromkeys(keys)) for member, keys in given.items()}
    return replace(
        after,
        written_by={**draft.written_by, **changed},
        memberships={**draft.memberships, **told},
        set_by={**draft.set_by, **dict.fromkeys(told, hook)},
    )


def patched(values: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values after a merge patch: null deletes, objects are patched inside."""
    after = dict(values)
    for name, value in patch.items():
        if value is None:
            after.pop(name, None)
        elif isinstance(value, Mapping):
            inner = after.get(name)
            after[name] = patched(inner if isinstance(inner, Mapping) else {}, value)
        else:
            after[name] = value
    return after


def dropped(mutation: Mapping[str, Any], schema: Schema) -> tuple[str, ...]:
    """Return the custom attributes a mutation names that nobody defined."""
    members = ("custom_attributes", "custom_attributes_patch")
    names = {name: None for member in members for name in mutation.get(member, {})}
    return tuple(schema.unknown(names))


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    return {
        name
        for name in {*before, *after}
        if (name in before) != (name in after) or not same(before.get(name), after.get(name))
    }
