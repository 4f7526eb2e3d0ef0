"""Roles and groups of a user, by their keys, and what hooks may make of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from burnish.hooks.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Memberships:
    """The roles a user has of their own, and the groups they are in."""

    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """The keys of all roles and all groups there are."""

    roles: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def refuse(self, wanted: Mapping[str, tuple[str, ...]]) -> Trouble | None:
        """Return the trouble with `roles` and `groups` that nobody defined."""
        for member, noun, keys in (("roles", "Role", self.roles), ("groups", "Group", self.groups)):
            if unknown := [key for key in wanted.get(member, ()) if key not in keys]:
                message = f"unknown {noun.lower()} keys: {', '.join(unknown)}"
                info = {"keys": unknown}
                return Trouble("NotFound", f"{noun}UnknownKeys", 404, message, info=info)
        return None
