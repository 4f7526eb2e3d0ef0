"""Roles and groups made, changed and removed."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from burnish_server.api.graphql import ids
from burnish_server.api.graphql.asked import require
from burnish_server.api.graphql.errors import not_found
from burnish_server.api.graphql.roles import Group, Role, Together
from burnish_server.api_keys.scope import ROLES_WRITE
from burnish_server.roles import edit, models


@strawberry.input
class CreateRoleInput:
    key: str
    name: str | None = None
    description: str | None = None


@strawberry.input
class CreateGroupInput:
    key: str
    name: str | None = None
    description: str | None = None


@strawberry.input
class UpdateRoleInput:
    id: strawberry.ID
    key: str | None = None
    name: str | None = None
    description: str | None = None


@strawberry.input
class UpdateGroupInput:
    id: strawberry.ID
    key: str | None = None
    name: str | None = None
    description: str | None = None


@strawberry.input
class DeleteRoleInput:
    id: strawberry.ID


@strawberry.input
class DeleteGroupInput:
    id: strawberry.ID


@strawberry.type
class RolePayload:
    role: Role


@strawberry.type
class GroupPayload:
    group: Group


@strawberry.type
class DeletePayload:
    ok: bool


@strawberry.type
class RoleMutations:
    @strawberry.mutation
    def create_role(self, info: Info, input: CreateRoleInput) -> RolePayload:
        return role(_create(info, models.Role, input).pk)

    @strawberry.mutation
    def update_role(self, info: Info, input: UpdateRoleInput) -> RolePayload:
        return role(_update(info, models.Role, "Role", input).pk)

    @strawberry.mutation(description="Remove a role: nobody has it any more.")
    def delete_role(self, info: Info, input: DeleteRoleInput) -> DeletePayload:
        return _delete(info, models.Role, "Role", input.id)

    @strawberry.mutation
    def create_group(self, info: Info, input: CreateGroupInput) -> GroupPayload:
        return group(_create(info, models.Group, input).pk)

    @strawberry.mutation
    def update_group(self, info: Info, input: UpdateGroupInput) -> GroupPayload:
        return group(_update(info, models.Group, "Group", input).pk)

    @strawberry.mutation(description="Remove a group: nobody is in it any more.")
    def delete_group(self, info: Info, input: DeleteGroupInput) -> DeletePayload:
        return _delete(info, models.Group, "Group", input.id)


def role(role_id: UUID) -> RolePayload:
    """Return a role as it is stored now."""
    row = models.Role.objects.get(pk=role_id)
    return RolePayload(role=Role.make(row, Together([role_id])))


def group(group_id: UUID) -> GroupPayload:
    """Return a group as it is stored now."""
    row = models.Group.objects.get(pk=group_id)
    return GroupPayload(group=Group.make(row, Together([group_id])))


def _create(info: Info, kind: type[Any], input: Any) -> Any:
    asked = require(info, ROLES_WRITE)
    return edit.create(kind, input.key, input.name or "", input.description or "", asked.actor)


def _update(info: Info, kind: type[Any], type: str, input: Any) -> Any:
    asked = require(info, ROLES_WRITE)
    given = {name: getattr(input, name) for name in ("key", "name", "description")}
    values = {name: value for name, value in given.items() if value is not None}
    return edit.change(_row(kind, type, input.id), asked.actor, **values)


def _delete(info: Info, kind: type[Any], type: str, id: str) -> DeletePayload:
    asked = require(info, ROLES_WRITE)
    edit.delete(_row(kind, type, id), asked.actor)
    return DeletePayload(ok=True)


def _row(kind: type[Any], type: str, id: str) -> Any:
    row = kind.objects.filter(pk=ids.uuid_of(id, type)).first()
    if row is None:
        raise not_found(type.lower())
    return row
