"""Roles and groups from a configuration file into the database, and back, matched by key."""

from collections.abc import Mapping, Sequence
from typing import Any

from burnish.config import Config, Plan
from burnish.roles.fragment import Group as GroupEntry
from burnish.roles.fragment import Role as RoleEntry
from burnish.roles.fragment import unknown
from burnish_server.audit.log import Actor
from burnish_server.roles import edit, store, tie
from burnish_server.roles.edit import K
from burnish_server.roles.models import Group, Role


def plan(config: Config) -> Plan:
    """Return what the sections would change. Writes nothing."""
    roles = _roles()
    known = {*roles, *(role.key for role in config.roles or ())}
    whole = Plan(faults=tuple(unknown(config.groups or (), known)))
    whole += _plan("role", config.roles, roles)
    return whole + _plan("group", config.groups, _groups())


def apply(config: Config, actor: Actor) -> None:
    """Write the roles and groups. Call it in a transaction; others stay, and who has which too.

    Raises `UnknownKeys` where a group names a role that is not there.
    """
    roles, groups = _roles(), _groups()
    for role in config.roles or ():
        _put(Role, role, roles.get(role.key), actor)
    for group in config.groups or ():
        before = groups.get(group.key)
        _put(Group, group, before, actor)
        if group.roles != (before.roles if before else ()):
            row = Group.objects.get(key=group.key)
            edit.of_groups([row], tie.put, group.roles, actor)


def export() -> dict[str, Any]:
    """Return the sections `roles` and `groups`."""
    return {
        "roles": [entry.as_entry() for entry in _roles().values()],
        "groups": [entry.as_entry() for entry in _groups().values()],
    }


def _plan(noun: str, given: Sequence[RoleEntry] | None, stored: Mapping[str, RoleEntry]) -> Plan:
    if given is None:
        return Plan()
    lines = []
    for entry in given:
        before = stored.get(entry.key)
        if before is None:
            lines.append(f"+ {noun} {entry.key}")
        elif changed := _changed(before, entry):
            lines.append(f"~ {noun} {entry.key}: {', '.join(changed)}")
    named = {entry.key for entry in given}
    return Plan(tuple(lines), kept=tuple(f"{noun} {key}" for key in stored if key not in named))


def _put(kind: type[K], entry: RoleEntry, before: RoleEntry | None, actor: Actor) -> None:
    if before is None:
        edit.create(kind, entry.key, entry.name, entry.description, actor)
        return
    changed = [name for name in _changed(before, entry) if name != "roles"]
    if changed:
        row = kind._default_manager.get(key=entry.key)
        edit.change(row, actor, **{name: getattr(entry, name) for name in changed})


def _changed(before: RoleEntry, after: RoleEntry) -> list[str]:
    old, new = before.model_dump(), after.model_dump()
    return [name for name in new if old[name] != new[name]]


def _roles() -> dict[str, RoleEntry]:
    return {row.key: RoleEntry(**_words(row)) for row in Role.objects.all()}


def _groups() -> dict[str, GroupEntry]:
    rows = list(Group.objects.all())
    roles = store.roles_of_groups(row.pk for row in rows)
    return {row.key: GroupEntry(**_words(row), roles=roles[row.pk]) for row in rows}


def _words(row: Role | Group) -> dict[str, Any]:
    return {"key": row.key, "name": row.name, "description": row.description}
