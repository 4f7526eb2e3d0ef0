"""Roles and groups: listed, made, changed and removed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from burnish_server.api import etag
from burnish_server.api.auth import Key
from burnish_server.api.deed import actor
from burnish_server.api.paging import Page, Paging, page
from burnish_server.api.problems import Problem
from burnish_server.api.text import Storable
from burnish_server.api_keys.scope import ROLES_READ, ROLES_WRITE
from burnish_server.roles import edit, store, tie
from burnish_server.roles.models import Group, Role

router = Router(tags=["roles and groups"])

K = TypeVar("K", Role, Group)

Text = Annotated[Storable, Field(max_length=80)]
Title = Annotated[Storable, Field(max_length=200)]
Words = Annotated[Storable, Field(max_length=2000)]
Keys = Annotated[list[Text], Field(max_length=200)]

_ROLE: dict[str, Any] = {
    "id": "3f2a8a52-5a0e-4a52-b6a7-0a5a4e2d9c10",
    "key": "editor",
    "name": "Editor",
    "description": "May change articles.",
    "created_at": "2026-03-02T09:14:07Z",
    "updated_at": "2026-03-02T09:14:07Z",
}
_GROUP = {**_ROLE, "key": "staff", "name": "Staff", "description": "", "roles": ["editor"]}
_NEW = {"key": "editor", "name": "Editor", "description": "May change articles."}


def _examples(one: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [one]})


class ShownRole(Schema):
    """A role: apps know it by its key, people by its name."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ROLE]})

    id: str
    key: str
    name: str
    description: str
    created_at: datetime
    updated_at: datetime


class ShownGroup(ShownRole):
    """A group, and the roles everybody in it has."""

    model_config = ConfigDict(json_schema_extra={"examples": [_GROUP]})

    roles: list[str]


class NewRole(Schema):
    """A role or group to make."""

    model_config = _examples(_NEW)

    key: Text
    name: Title = ""
    description: Words = ""


class NewGroup(NewRole):
    """A group to make, with the roles everybody in it has."""

    model_config = _examples({"key": "staff", "name": "Staff", "roles": ["editor"]})

    roles: Keys = Field(default_factory=list)


class RoleChange(Schema):
    """What is to be another; the rest stays."""

    model_config = _examples({"name": "Editor in chief"})

    key: Text | None = None
    name: Title | None = None
    description: Words | None = None


class GroupChange(RoleChange):
    """What is to be another; `roles` are exactly those everybody in it has."""

    model_config = _examples({"roles": ["editor"]})

    roles: Keys | None = None


Response = HttpResponse
Wanted = Annotated[Paging, Query()]


@router.get("/roles", response=Page[ShownRole], auth=Key(ROLES_READ))
def list_roles(request: HttpRequest, response: Response, paging: Wanted) -> dict[str, Any]:
    """List the roles by key."""
    return page(request, response, Role.objects.all(), ("key",), paging, _roles)


@router.post("/roles", response={201: ShownRole}, auth=Key(ROLES_WRITE))
def create_role(request: HttpRequest, response: Response, new: NewRole) -> Any:
    """Make a role."""
    made = edit.create(Role, new.key, new.name, new.description, actor(request))
    response["Location"] = f"/api/v1/roles/{made.key}"
    return Status(201, _show(made))


@router.get("/roles/{key}", response=ShownRole, auth=Key(ROLES_READ))
def read_role(request: HttpRequest, response: Response, key: str) -> dict[str, Any]:
    """Read a role."""
    shown = _show(_find(Role, key))
    etag.tag(request, response, shown)
    return shown


@router.patch("/roles/{key}", response=ShownRole, auth=Key(ROLES_WRITE))
def change_role(request: HttpRequest, response: Response, key: str, change: RoleChange) -> Any:
    """Change a role's key, name or description."""
    role = _find(Role, key)
    etag.require(request, _show(role))
    shown = _show(_changed(role, change, request))
    response["ETag"] = etag.of(shown)
    return shown


@router.delete("/roles/{key}", response={204: None}, auth=Key(ROLES_WRITE))
def delete_role(request: HttpRequest, key: str) -> Status[None]:
    """Remove a role: nobody has it any more."""
    edit.delete(_find(Role, key), actor(request))
    return Status(204, None)


@router.get("/groups", response=Page[ShownGroup], auth=Key(ROLES_READ))
def list_groups(request: HttpRequest, response: Response, paging: Wanted) -> dict[str, Any]:
    """List the groups by key."""
    return page(request, response, Group.objects.all(), ("key",), paging, _groups)


@router.post("/groups", response={201: ShownGroup}, auth=Key(ROLES_WRITE))
def create_group(request: HttpRequest, response: Response, new: NewGroup) -> Any:
    """Make a group."""
    with transaction.atomic():
        made = edit.create(Group, new.key, new.name, new.description, actor(request))
        if new.roles:
            edit.of_groups([made], tie.put, new.roles, actor(request))
    response["Location"] = f"/api/v1/groups/{made.key}"
    return Status(201, _show_group(made))


@router.get("/groups/{key}", response=ShownGroup, auth=Key(ROLES_READ))
def read_group(request: HttpRequest, response: Response, key: str) -> dict[str, Any]:
    """Read a group, with the roles everybody in it has."""
    shown = _show_group(_find(Group, key))
    etag.tag(request, response, shown)
    return shown


@router.patch("/groups/{key}", response=ShownGroup, auth=Key(ROLES_WRITE))
def change_group(request: HttpRequest, response: Response, key: str, change: GroupChange) -> Any:
    """Change a group's key, name, description or roles."""
    group = _find(Group, key)
    etag.require(request, _show_group(group))
    with transaction.atomic():
        group = _changed(group, change, request)
        if change.roles is not None:
            edit.of_groups([group], tie.put, change.roles, actor(request))
    shown = _show_group(group)
    response["ETag"] = etag.of(shown)
    return shown


@router.delete("/groups/{key}", response={204: None}, auth=Key(ROLES_WRITE))
def delete_group(request: HttpRequest, key: str) -> Status[None]:
    """Remove a group: nobody is in it any more."""
    edit.delete(_find(Group, key), actor(request))
    return Status(204, None)


def _find(kind: type[K], key: str) -> K:
    found = kind.objects.filter(key=key).first()
    if found is None:
        noun = str(kind._meta.model_name)
        raise Problem(404, f"{noun}_not_found", f"There is no {noun} of this key.")
    return found


def _changed(one: K, change: RoleChange, request: HttpRequest) -> K:
    said = change.model_dump(exclude_unset=True, exclude_none=True, exclude={"roles"})
    return edit.change(one, actor(request), **said) if said else one


def _roles(rows: Sequence[Role]) -> Iterable[dict[str, Any]]:
    return (_show(row) for row in rows)


def _groups(rows: Sequence[Group]) -> Iterable[dict[str, Any]]:
    roles = store.roles_of_groups(row.pk for row in rows)
    return ({**_show(row), "roles": list(roles[row.pk])} for row in rows)


def _show_group(group: Group) -> dict[str, Any]:
    return next(iter(_groups([group])))


def _show(one: Role | Group) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "key": one.key,
        "name": one.name,
        "description": one.description,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
    }
