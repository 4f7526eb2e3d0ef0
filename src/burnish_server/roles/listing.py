"""Roles, groups and users as they hang together, read for many at once: one query a question."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber

from burnish_server.roles import tie
from burnish_server.roles.models import Group, GroupRole, Role, UserGroup, UserRole
from burnish_server.roles.tie import Tie


def held(which: Tie, holders: Collection[UUID]) -> Mapping[UUID, list[Any]]:
    """Return the roles or groups each holder has, by key."""
    member = which.held.removesuffix("_id")
    rows = which.table._default_manager.filter(**{f"{which.holder}__in": holders})
    return _gathered(
        holders,
        (
            (getattr(row, which.holder), getattr(row, member))
            for row in rows.select_related(member).order_by(f"{member}__key")
        ),
    )


def effective(users: Collection[UUID]) -> Mapping[UUID, list[Role]]:
    """Return the roles each user has of their own or by a group, by key."""
    own = UserRole.objects.filter(user__in=users).values_list("user_id", "role_id")
    groups = UserGroup.objects.filter(user__in=users, group__ties__isnull=False)
    pairs = set(own.union(groups.values_list("user_id", "group__ties__role_id")))
    roles = Role.objects.in_bulk({role for _, role in pairs})
    found = sorted(((user, roles[one]) for user, one in pairs if one in roles), key=_by_key)
    return _gathered(users, found)


def holders(
    which: Tie, things: Collection[UUID], start: int, stop: int
) -> Mapping[UUID, list[UUID]]:
    """Return the ids of those who have each role or group: from place `start` up to `stop`."""
    place = Window(RowNumber(), partition_by=F(which.held), order_by=F("pk").asc())
    rows = which.table._default_manager.filter(**{f"{which.held}__in": things})
    rows = rows.annotate(place=place).filter(place__gt=start, place__lte=stop).order_by("pk")
    return _gathered(things, rows.values_list(which.held, which.holder))


def counted(which: Tie, things: Collection[UUID]) -> Mapping[UUID, int]:
    """Return how many have each role or group."""
    rows = which.table._default_manager.filter(**{f"{which.held}__in": things})
    found = rows.order_by().values_list(which.held).annotate(Count("pk"))
    return dict.fromkeys(things, 0) | dict(found)


def users_with(users: QuerySet, roles: Iterable[str] | None, groups: Iterable[str] | None) -> Any:
    """Keep the users who have one of these roles, by a group too, and are in one of the groups."""
    if roles is not None:
        keys = list(roles)
        own = UserRole.objects.filter(role__key__in=keys).values("user")
        giving = GroupRole.objects.filter(role__key__in=keys).values("group")
        by_group = UserGroup.objects.filter(group__in=giving).values("user")
        users = users.filter(Q(pk__in=own) | Q(pk__in=by_group))
    if groups is not None:
        inside = UserGroup.objects.filter(group__key__in=list(groups)).values("user")
        users = users.filter(pk__in=inside)
    return users


def summed(rows: QuerySet) -> QuerySet:
    """Add to each role or group its `user_count` and, as `other_keys`, what gives it or it gives.

    Those are the keys of a role's groups, or of a group's roles.
    """
    of_roles = rows.model is Role
    own, other = ("role", "group") if of_roles else ("group", "role")
    table = UserRole if of_roles else UserGroup
    mine = {own: OuterRef("pk")}
    counts = table._default_manager.filter(**mine).order_by().values(own).annotate(n=Count("pk"))
    keys = GroupRole.objects.filter(**mine).order_by(f"{other}__key").values(f"{other}__key")
    count = Coalesce(Subquery(counts.values("n")), 0)
    return rows.annotate(user_count=count, other_keys=ArraySubquery(keys))


def users_counted(kind: type[Role] | type[Group]) -> Mapping[UUID, int]:
    """Return how many users have each role of their own, or are in each group."""
    which = tie.ROLES_OF_USERS if kind is Role else tie.GROUPS_OF_USERS
    return counted(which, list(kind._default_manager.values_list("pk", flat=True)))


def _gathered(keys: Iterable[UUID], pairs: Iterable[tuple[UUID, Any]]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {key: [] for key in keys}
    for key, value in pairs:
        found[key].append(value)
    return found


def _by_key(pair: tuple[UUID, Role]) -> str:
    return pair[1].key
