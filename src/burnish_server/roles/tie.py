"""The three ways in which one thing holds others: users have roles and groups, groups have roles.

Every function here takes a handful of statements, however many holders and keys there are, and
belongs into the transaction of whoever calls it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import models

from burnish.errors import BurnishError
from burnish_server.roles.models import Group, GroupRole, Role, UserGroup, UserRole


class UnknownKeys(BurnishError):
    """There is no role or group of such a key; `noun` is `role` or `group`."""

    code = "unknown_keys"

    def __init__(self, noun: str, keys: Collection[str]) -> None:
        super().__init__(f"There is no {noun} {', '.join(sorted(keys))}.")
        self.noun = noun
        self.keys = tuple(sorted(keys))


class UnknownUsers(BurnishError):
    """There is no user of such an id."""

    code = "unknown_users"

    def __init__(self, ids: Collection[UUID]) -> None:
        super().__init__(f"There is no user {', '.join(sorted(map(str, ids)))}.")
        self.ids = tuple(sorted(ids))


@dataclass(frozen=True, slots=True)
class Tie:
    """A table that ties holders, of the column `holder`, to what they hold, of `held`."""

    table: type[models.Model]
    holder: str
    held: str
    kind: type[Role] | type[Group]


ROLES_OF_USERS = Tie(UserRole, "user_id", "role_id", Role)
GROUPS_OF_USERS = Tie(UserGroup, "user_id", "group_id", Group)
ROLES_OF_GROUPS = Tie(GroupRole, "group_id", "role_id", Role)


def ids(kind: type[Role] | type[Group], keys: Iterable[str]) -> list[UUID]:
    """Return the ids of roles or groups, in the order of their keys. Raises `UnknownKeys`."""
    wanted = set(keys)
    found = dict(kind.objects.filter(key__in=wanted).values_list("key", "pk"))
    if unknown := wanted - found.keys():
        raise UnknownKeys(str(kind._meta.model_name), unknown)
    return [found[key] for key in sorted(found)]


def add(tie: Tie, holders: Collection[UUID], keys: Iterable[str]) -> None:
    """Give all of the holders all of these; who has one already keeps it.

    Raises `UnknownKeys` or `UnknownUsers`, and nothing is written then.
    """
    held = ids(tie.kind, keys)
    _know(tie, holders)
    _tie(tie, holders, held)


def remove(tie: Tie, holders: Collection[UUID], keys: Iterable[str]) -> None:
    """Take these from all of the holders. Raises as `add` does."""
    held = ids(tie.kind, keys)
    _know(tie, holders)
    tie.table._default_manager.filter(_of(tie, holders), **{f"{tie.held}__in": held}).delete()


def put(tie: Tie, holders: Collection[UUID], keys: Iterable[str]) -> None:
    """Give all of the holders exactly these. Raises as `add` does."""
    held = ids(tie.kind, keys)
    _know(tie, holders)
    rows = tie.table._default_manager.filter(_of(tie, holders))
    rows.exclude(**{f"{tie.held}__in": held}).delete()
    _tie(tie, holders, held)


def _tie(tie: Tie, holders: Collection[UUID], held: Collection[UUID]) -> None:
    rows = [tie.table(**{tie.holder: one, tie.held: other}) for one in holders for other in held]
    tie.table._default_manager.bulk_create(rows, ignore_conflicts=True, batch_size=5000)


def _of(tie: Tie, holders: Collection[UUID]) -> models.Q:
    return models.Q(**{f"{tie.holder}__in": holders})


def _know(tie: Tie, holders: Collection[UUID]) -> None:
    # Of a key that means nothing, PostgreSQL would say so only when the transaction ends.
    if tie.holder != "user_id":
        return
    present = get_user_model()._default_manager.filter(pk__in=holders)
    if unknown := set(holders) - set(present.values_list("pk", flat=True)):
        raise UnknownUsers(unknown)
