"""Who has which roles and groups. Keys come in alphabetical order."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import CharField, F, QuerySet, Value

from burnish.hooks.membership import Known, Memberships
from burnish.hooks.mutation import Draft
from burnish_server import prepared
from burnish_server.audit.log import Actor, record
from burnish_server.kept import Kept
from burnish_server.roles import tie
from burnish_server.roles.models import Group, GroupRole, Role, UserGroup, UserRole


def _read_known() -> Known:
    return Known(
        frozenset(Role.objects.values_list("key", flat=True)),
        frozenset(Group.objects.values_list("key", flat=True)),
    )


# Read at every login and sign-up: by hand it takes a part of the ORM's time.
_OF = """
SELECT
    ARRAY(
        SELECT key FROM roles_role AS r JOIN roles_userrole AS ur ON ur.role_id = r.id
        WHERE ur.user_id = %s
    )::text[],
    ARRAY(
        SELECT key FROM roles_group AS g JOIN roles_usergroup AS ug ON ug.group_id = g.id
        WHERE ug.user_id = %s
    )::text[]
"""

known = Kept(_read_known, Role, Group)
"""Return the keys of all roles and groups there are."""


def of(user_id: UUID) -> Memberships:
    """Return a user's own roles, and the groups they are in, with one query."""
    roles, groups = prepared.row(_OF, [user_id, user_id]) or ((), ())
    return Memberships(tuple(sorted(roles)), tuple(sorted(groups)))


def of_many(user_ids: Iterable[UUID]) -> Mapping[UUID, Memberships]:
    """Return the roles and groups of many users, with one query."""
    users = list(user_ids)
    roles = _rows(UserRole.objects.filter(user__in=users), "user_id", "role__key", "roles")
    groups = _rows(UserGroup.objects.filter(user__in=users), "user_id", "group__key", "groups")
    found: dict[UUID, dict[str, list[str]]] = {one: {"roles": [], "groups": []} for one in users}
    for user_id, key, member in roles.union(groups, all=True):
        found[user_id][member].append(key)
    return {
        one: Memberships(tuple(sorted(held["roles"])), tuple(sorted(held["groups"])))
        for one, held in found.items()
    }


def roles_of(user_id: UUID) -> tuple[str, ...]:
    """Return the roles a user has of their own."""
    return of(user_id).roles


def groups_of(user_id: UUID) -> tuple[str, ...]:
    """Return the groups a user is in."""
    return of(user_id).groups


def effective_roles(user_id: UUID) -> tuple[str, ...]:
    """Return the roles a user has of their own or by a group, with one query."""
    return effective_of_many([user_id])[user_id]


def effective_of_many(user_ids: Iterable[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    """Return the roles many users have of their own or by a group, with one query."""
    users = list(user_ids)
    own = UserRole.objects.filter(user__in=users).values_list("user_id", "role__key")
    by_group = UserGroup.objects.filter(user__in=users, group__ties__isnull=False)
    found: dict[UUID, set[str]] = {one: set() for one in users}
    for user_id, key in own.union(by_group.values_list("user_id", "group__ties__role__key")):
        found[user_id].add(key)
    return {one: tuple(sorted(keys)) for one, keys in found.items()}


def roles_of_groups(group_ids: Iterable[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    """Return the roles of many groups, with one query."""
    groups = list(group_ids)
    found: dict[UUID, list[str]] = {one: [] for one in groups}
    rows = GroupRole.objects.filter(group__in=groups).values_list("group_id", "role__key")
    for group_id, key in rows:
        found[group_id].append(key)
    return {one: tuple(sorted(keys)) for one, keys in found.items()}


def take_over(user_id: UUID, draft: Draft) -> None:
    """Give a user exactly the roles and groups hooks left them with; call it in a transaction.

    What no hook set stays as it is. A key that went meanwhile is passed over.
    """
    if not draft.set_by:
        return
    there_are, held = known(), of(user_id)
    for member, which, keys, present in (
        ("roles", tie.ROLES_OF_USERS, there_are.roles, held.roles),
        ("groups", tie.GROUPS_OF_USERS, there_are.groups, held.groups),
    ):
        wanted = sorted(keys.intersection(draft.memberships.get(member, ())))
        if member in draft.set_by and tuple(wanted) != present:
            tie.put(which, [user_id], wanted)
            actor = Actor.of_hook(draft.set_by[member])
            record(actor, "set", f"{member} of user", user_id, user_id, {"keys": wanted})


def forget(user_id: UUID) -> None:
    """Take all roles and groups from a user."""
    UserRole.objects.filter(user=user_id).delete()
    UserGroup.objects.filter(user=user_id).delete()


def _rows(
    ties: "QuerySet[UserRole] | QuerySet[UserGroup]", holder: str, key: str, member: str
) -> "QuerySet":
    named = Value(member, CharField())
    return ties.annotate(held=F(key), member=named).values_list(holder, "held", "member")
