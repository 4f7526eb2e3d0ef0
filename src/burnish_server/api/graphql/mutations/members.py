"""Who has which roles and groups."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from burnish_server.api.graphql import ids
from burnish_server.api.graphql.asked import Asked, require
from burnish_server.api.graphql.errors import Refusal
from burnish_server.api.graphql.mutations.roles import GroupPayload, RolePayload, group, role
from burnish_server.api.graphql.mutations.target import UserPayload, answer, to_change
from burnish_server.api_keys.scope import ROLES_WRITE, USERS_WRITE
from burnish_server.identity import authority
from burnish_server.roles import edit, models, tie
from burnish_server.roles.edit import Change
from burnish_server.roles.tie import Tie

MOST = 1000
"""How many users one mutation names."""


@strawberry.input
class UserRolesInput:
    user_id: strawberry.ID
    role_keys: list[str]


@strawberry.input
class UserGroupsInput:
    user_id: strawberry.ID
    group_keys: list[str]


@strawberry.input
class RoleUsersInput:
    role_key: str
    user_ids: list[strawberry.ID]


@strawberry.input
class GroupUsersInput:
    group_key: str
    user_ids: list[strawberry.ID]


@strawberry.input
class RoleGroupsInput:
    role_key: str
    group_keys: list[str]


@strawberry.input
class GroupRolesInput:
    group_key: str
    role_keys: list[str]


@strawberry.input
class AddUserToRolesInput(UserRolesInput): ...


@strawberry.input
class RemoveUserFromRolesInput(UserRolesInput): ...


@strawberry.input
class AddUserToGroupsInput(UserGroupsInput): ...


@strawberry.input
class RemoveUserFromGroupsInput(UserGroupsInput): ...


@strawberry.input
class AddRoleToUsersInput(RoleUsersInput): ...


@strawberry.input
class RemoveRoleFromUsersInput(RoleUsersInput): ...


@strawberry.input
class AddGroupToUsersInput(GroupUsersInput): ...


@strawberry.input
class RemoveGroupFromUsersInput(GroupUsersInput): ...


@strawberry.input
class AddRoleToGroupsInput(RoleGroupsInput): ...


@strawberry.input
class RemoveRoleFromGroupsInput(RoleGroupsInput): ...


@strawberry.input
class AddGroupToRolesInput(GroupRolesInput): ...


@strawberry.input
class RemoveGroupFromRolesInput(GroupRolesInput): ...


@strawberry.type
class MemberMutations:
    @strawberry.mutation
    def add_user_to_roles(self, info: Info, input: AddUserToRolesInput) -> UserPayload:
        return _user(info, input.user_id, tie.ROLES_OF_USERS, tie.add, input.role_keys)

    @strawberry.mutation
    def remove_user_from_roles(self, info: Info, input: RemoveUserFromRolesInput) -> UserPayload:
        return _user(info, input.user_id, tie.ROLES_OF_USERS, tie.remove, input.role_keys)

    @strawberry.mutation
    def add_user_to_groups(self, info: Info, input: AddUserToGroupsInput) -> UserPayload:
        return _user(info, input.user_id, tie.GROUPS_OF_USERS, tie.add, input.group_keys)

    @strawberry.mutation
    def remove_user_from_groups(self, info: Info, input: RemoveUserFromGroupsInput) -> UserPayload:
        return _user(info, input.user_id, tie.GROUPS_OF_USERS, tie.remove, input.group_keys)

    @strawberry.mutation
    def add_role_to_users(self, info: Info, input: AddRoleToUsersInput) -> RolePayload:
        return _role_users(info, input, tie.add)

    @strawberry.mutation
    def remove_role_from_users(self, info: Info, input: RemoveRoleFromUsersInput) -> RolePayload:
        return _role_users(info, input, tie.remove)

    @strawberry.mutation
    def add_group_to_users(self, info: Info, input: AddGroupToUsersInput) -> GroupPayload:
        return _group_users(info, input, tie.add)

    @strawberry.mutation
    def remove_group_from_users(self, info: Info, input: RemoveGroupFromUsersInput) -> GroupPayload:
        return _group_users(info, input, tie.remove)

    @strawberry.mutation
    def add_role_to_groups(self, info: Info, input: AddRoleToGroupsInput) -> RolePayload:
        return _role_groups(info, input, tie.add)

    @strawberry.mutation
    def remove_role_from_groups(self, info: Info, input: RemoveRoleFromGroupsInput) -> RolePayload:
        return _role_groups(info, input, tie.remove)

    @strawberry.mutation
    def add_group_to_roles(self, info: Info, input: AddGroupToRolesInput) -> GroupPayload:
        return _group_roles(info, input, tie.add)

    @strawberry.mutation
    def remove_group_from_roles(self, info: Info, input: RemoveGroupFromRolesInput) -> GroupPayload:
        return _group_roles(info, input, tie.remove)


def _user(info: Info, user_id: str, which: Tie, how: Change, keys: list[str]) -> UserPayload:
    asked = require(info, USERS_WRITE)
    user = to_change(asked, user_id)
    edit.of_user(user, which, how, keys, asked.actor)
    return answer(user.pk)


def _role_users(info: Info, input: RoleUsersInput, how: Change) -> RolePayload:
    found = _one(models.Role, input.role_key)
    _users(require(info, USERS_WRITE), input.user_ids, tie.ROLES_OF_USERS, how, input.role_key)
    return role(found)


def _group_users(info: Info, input: GroupUsersInput, how: Change) -> GroupPayload:
    found = _one(models.Group, input.group_key)
    _users(require(info, USERS_WRITE), input.user_ids, tie.GROUPS_OF_USERS, how, input.group_key)
    return group(found)


def _role_groups(info: Info, input: RoleGroupsInput, how: Change) -> RolePayload:
    asked, found = require(info, ROLES_WRITE), _one(models.Role, input.role_key)
    rows = models.Group.objects.filter(pk__in=tie.ids(models.Group, input.group_keys))
    edit.of_groups(list(rows), how, [input.role_key], asked.actor)
    return role(found)


def _group_roles(info: Info, input: GroupRolesInput, how: Change) -> GroupPayload:
    asked, found = require(info, ROLES_WRITE), _one(models.Group, input.group_key)
    row = models.Group.objects.get(pk=found)
    edit.of_groups([row], how, input.role_keys, asked.actor)
    return group(found)


def _one(kind: type[Any], key: str) -> UUID:
    return tie.ids(kind, [key])[0]


def _users(asked: Asked, user_ids: Sequence[str], which: Tie, how: Change, key: str) -> None:
    if len(user_ids) > MOST:
        raise Refusal("BadRequest", "InvalidQuery", f"Name at most {MOST} users at once.")
    wanted = [ids.uuid_of(one, "User") for one in user_ids]
    rows = authority.users_to_change(asked.actor, wanted)
    named = {row.pk: str(row) for row in rows}
    if unknown := set(wanted) - named.keys():
        raise tie.UnknownUsers(unknown)
    edit.of_users(named, which, how, [key], asked.actor)
