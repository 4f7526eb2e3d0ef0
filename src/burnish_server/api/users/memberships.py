"""A user's roles and groups."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict

from burnish_server.api.auth import Key
from burnish_server.api.deed import actor
from burnish_server.api.users import which
from burnish_server.api.users.creating import Keys
from burnish_server.api.users.which import UserId
from burnish_server.api_keys.scope import USERS_READ, USERS_WRITE
from burnish_server.roles import edit, store, tie

router = Router(tags=["roles and groups"])

_EXAMPLE: dict[str, Any] = {
    "roles": ["editor"],
    "groups": ["staff"],
    "effective_roles": ["editor", "reader"],
}


class Memberships(Schema):
    """Roles of their own, groups, and the roles they have by either."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    roles: list[str]
    groups: list[str]
    effective_roles: list[str]


class MembershipsWanted(Schema):
    """What a user is to have, exactly; what is left out stays as it is."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"roles": ["editor"], "groups": []}]}
    )

    roles: Keys | None = None
    groups: Keys | None = None


@router.get("/users/{user_id}/memberships", response=Memberships, auth=Key(USERS_READ))
def read_memberships(request: HttpRequest, user_id: UserId) -> dict[str, Any]:
    """Read which roles and groups a user has."""
    return _show(user_id)


@router.patch("/users/{user_id}/memberships", response=Memberships, auth=Key(USERS_WRITE))
def change_memberships(
    request: HttpRequest, user_id: UserId, wanted: MembershipsWanted
) -> dict[str, Any]:
    """Give a user exactly these roles or groups."""
    user, who = which.changeable(request, user_id), actor(request)
    with transaction.atomic():
        if wanted.roles is not None:
            edit.of_user(user, tie.ROLES_OF_USERS, tie.put, wanted.roles, who)
        if wanted.groups is not None:
            edit.of_user(user, tie.GROUPS_OF_USERS, tie.put, wanted.groups, who)
    return _show(user_id)


def _show(user_id: str) -> dict[str, Any]:
    user = which.user(user_id)
    held = store.of(user.pk)
    return {
        "roles": list(held.roles),
        "groups": list(held.groups),
        "effective_roles": list(store.effective_roles(user.pk)),
    }
