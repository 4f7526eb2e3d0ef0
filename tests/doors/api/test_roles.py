"""`/api/v1/roles` and `/groups`, and who has which."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.doors.api.conftest import Program

from burnish_server.audit.models import Entry
from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db

ROLES, GROUPS = "/api/v1/roles", "/api/v1/groups"


def test_a_role_is_made_changed_and_removed(admin: Program) -> None:
    made = admin.post(ROLES, {"key": "editor", "name": "Editor"})
    tag = admin.get(f"{ROLES}/editor").response["ETag"]
    changed = admin.patch(f"{ROLES}/editor", {"name": "Chief"}, match=tag)
    late = admin.patch(f"{ROLES}/editor", {"name": "Other"}, match=tag)

    assert (made.status, made.response["Location"]) == (201, f"{ROLES}/editor")
    assert (changed.body["name"], changed.body["key"]) == ("Chief", "editor")
    assert late.problem[:2] == (412, "precondition_failed")
    assert admin.delete(f"{ROLES}/editor").status == 204
    assert admin.get(f"{ROLES}/editor").problem[:2] == (404, "role_not_found")
    actions = list(Entry.objects.filter(door="api").order_by("pk").values_list("action", flat=True))
    assert actions == ["added", "changed", "removed"]


def test_a_group_has_roles(admin: Program) -> None:
    for key in ("editor", "reader"):
        admin.post(ROLES, {"key": key})

    made = admin.post(GROUPS, {"key": "staff", "roles": ["editor"]}).body
    changed = admin.patch(f"{GROUPS}/staff", {"roles": ["reader", "editor"]}).body

    assert made["roles"] == ["editor"]
    assert changed["roles"] == ["editor", "reader"]
    assert admin.get(GROUPS).body["items"] == [changed]
    assert admin.get(f"{GROUPS}/staff").body == changed


def test_lists_come_in_pages_by_key(admin: Program) -> None:
    for key in ("c", "a", "b"):
        admin.post(ROLES, {"key": key})

    first = admin.get(ROLES, limit=2).body
    second = admin.get(first["next"]).body

    assert [one["key"] for one in first["items"] + second["items"]] == ["a", "b", "c"]
    assert second["next"] is None


def test_a_user_has_roles_of_their_own_and_by_groups(
    admin: Program, person: Callable[..., User]
) -> None:
    path = f"/api/v1/users/{person().pk}/memberships"
    for key in ("editor", "reader"):
        admin.post(ROLES, {"key": key})
    admin.post(GROUPS, {"key": "staff", "roles": ["reader"]})

    said = admin.patch(path, {"roles": ["editor"], "groups": ["staff"]}).body

    assert said == {
        "roles": ["editor"],
        "groups": ["staff"],
        "effective_roles": ["editor", "reader"],
    }
    assert admin.patch(path, {"roles": []}).body["effective_roles"] == ["reader"]
    assert admin.patch(path, {"groups": [], "roles": ["nobody"]}).problem[:2] == (
        422,
        "unknown_keys",
    )
    assert admin.get(path).body["groups"] == ["staff"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"key": "editor"}, 409, "key_taken"),
        ({"key": "two words"}, 422, "unfit_role"),
        ({"key": "authgear:x"}, 422, "unfit_role"),
        ({"key": "x" * 41}, 422, "unfit_role"),
        ({"key": ""}, 422, "unfit_role"),
        ({"key": "x\x00"}, 422, "invalid_request"),
        ({"key": "x", "name": "x\x00"}, 422, "invalid_request"),
        ({"key": "x", "name": "x" * 201}, 422, "invalid_request"),
        ({"key": 7}, 422, "invalid_request"),
        ({}, 422, "invalid_request"),
        ({"key": "x", "colour": "red"}, 422, "invalid_request"),
    ],
    ids=str,
)
def test_a_role_that_cannot_be(
    admin: Program, body: dict[str, Any], status: int, code: str
) -> None:
    admin.post(ROLES, {"key": "editor"})

    for place in (ROLES, GROUPS):
        if (place, code) != (GROUPS, "key_taken"):
            assert admin.post(place, body).problem[:2] == (status, code)
