"""Roles and groups made, changed and removed, and given to users: each with its audit log entry.

Every function writes all of it or nothing.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from burnish.errors import BurnishError
from burnish.roles.key import refuse as key_refused
from burnish_server.audit.log import Actor, record
from burnish_server.roles import tie
from burnish_server.roles.models import Group, Role
from burnish_server.roles.tie import Tie

K = TypeVar("K", Role, Group)

Change = Callable[[Tie, Collection[UUID], Iterable[str]], None]
"""`tie.add`, `tie.remove` or `tie.put`."""

ACTIONS: Mapping[Change, str] = {tie.add: "given", tie.remove: "taken", tie.put: "set"}

NAMED_AT_MOST = 100
"""How many users an audit log entry names; it counts the others."""


class UnfitRole(BurnishError):
    """No role or group can be like this."""

    code = "unfit_role"


class KeyTaken(BurnishError):
    """There is a role or group of this key already."""

    code = "key_taken"


def create(kind: type[K], key: str, name: str, description: str, actor: Actor) -> K:
    """Make a role or a group. Raises `UnfitRole` or `KeyTaken`."""
    made = kind(key=key, name=name, description=description)
    _save(made, actor, "added", {"key": key})
    return made


def change(one: K, actor: Actor, **values: str) -> K:
    """Change the `key`, `name` or `description`. Raises `UnfitRole` or `KeyTaken`."""
    before = one.key
    for member, value in values.items():
        setattr(one, member, value)
    detail = {"changed": sorted(values)} | ({"key_before": before} if one.key != before else {})
    _save(one, actor, "changed", detail)
    return one


def delete(one: K, actor: Actor) -> None:
    """Remove a role or a group: nobody has it any more."""
    with transaction.atomic():
        record(actor, "removed", _noun(one), one.pk, one.key)
        one.delete()


def of_user(user: Any, which: Tie, how: Change, keys: Iterable[str], actor: Actor) -> None:
    """Give a user roles or groups, or take them. Raises `UnknownKeys`."""
    of_users({user.pk: str(user)}, which, how, keys, actor)


def of_users(
    users: Mapping[UUID, str], which: Tie, how: Change, keys: Iterable[str], actor: Actor
) -> None:
    """Give users, by their ids and names, roles or groups. Raises `UnknownKeys`, `UnknownUsers`."""
    named = sorted(keys)
    with transaction.atomic():
        how(which, list(users), named)
        first = next(iter(users), None)
        subject = users[first] if first and len(users) == 1 else f"{len(users)} users"
        detail: dict[str, Any] = {"keys": named}
        if len(users) > 1:
            detail["users"] = [str(one) for one in list(users)[:NAMED_AT_MOST]]
        record(actor, ACTIONS[how], f"{_held(which)} of user", first or "", subject, detail)


def of_groups(groups: Collection[Group], how: Change, keys: Iterable[str], actor: Actor) -> None:
    """Give groups roles, or take them. Raises `UnknownKeys`."""
    named = sorted(keys)
    with transaction.atomic():
        how(tie.ROLES_OF_GROUPS, [group.pk for group in groups], named)
        for group in groups:
            record(actor, ACTIONS[how], "roles of group", group.pk, group.key, {"keys": named})


def _save(one: Role | Group, actor: Actor, action: str, detail: Mapping[str, Any]) -> None:
    if refusal := key_refused(one.key):
        raise UnfitRole(refusal)
    try:
        one.clean_fields(exclude=("key",))
    except ValidationError as error:
        faults = [f"{name}: {' '.join(said)}" for name, said in error.message_dict.items()]
        raise UnfitRole(" ".join(faults)) from None
    try:
        with transaction.atomic():
            one.save()
            record(actor, action, _noun(one), one.pk, one.key, detail)
    except IntegrityError as error:
        raise KeyTaken(f"There is a {_noun(one)} {one.key} already.") from error


def _noun(one: Role | Group) -> str:
    return str(one._meta.model_name)


def _held(which: Tie) -> str:
    return f"{which.kind._meta.model_name}s"
