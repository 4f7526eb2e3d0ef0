"""`/api/v1/users/{id}/identities`: what a user signs in with."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.doors.api.conftest import Program

from burnish_server.audit.models import Entry
from burnish_server.hooks.models import Event
from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db

Person = Callable[..., User]

KINDS = [
    ("email", "Ada@Other.example", "ada@other.example"),
    ("phone", "+46 70 174 06 05", "+46701740605"),
    ("username", "Ada.L", "ada.l"),
]


@pytest.fixture
def path(person: Person) -> str:
    return f"/api/v1/users/{person().pk}/identities"


@pytest.mark.parametrize(("kind", "typed", "kept"), KINDS)
def test_a_way_to_sign_in_is_added_read_and_taken_away(
    admin: Program, path: str, kind: str, typed: str, kept: str
) -> None:
    answer = admin.post(path, {"key": kind, "value": typed})

    made = answer.body
    assert (answer.status, answer.response["Location"]) == (201, f"{path}/{made['id']}")
    assert (made["type"], made["key"], made["value"]) == ("login_id", kind, kept)
    assert made["verified"] is (None if kind == "username" else False)
    assert [one["value"] for one in admin.get(path).body["items"]][1:] == [kept]
    assert admin.delete(f"{path}/{made['id']}").status == 204
    assert len(admin.get(path).body["items"]) == 1
    types = list(Event.objects.order_by("pk").values_list("type", flat=True))
    assert [one for one in types if one.startswith("identity.")] == [
        f"identity.{kind}.added",
        f"identity.{kind}.removed",
    ]
    entries = Entry.objects.filter(subject_kind="identity").order_by("pk")
    assert [one.action for one in entries] == ["added", "removed"]
    assert kept not in str([one.detail for one in entries])


def test_another_value_takes_its_place_and_the_profile_follows(admin: Program, path: str) -> None:
    (only,) = admin.get(path).body["items"]

    changed = admin.patch(f"{path}/{only['id']}", {"value": "lovelace@nordlake.example"}).body
    verified = admin.patch(f"{path}/{changed['id']}", {"verified": True}).body

    assert (only["verified"], changed["verified"], verified["verified"]) == (True, False, True)
    user = admin.get(path.removesuffix("/identities")).body
    assert user["email"] == "lovelace@nordlake.example"
    assert user["standard_attributes"]["email"] == "lovelace@nordlake.example"
    assert user["standard_attributes"]["email_verified"] is True


def test_the_last_way_in_stays(admin: Program, path: str) -> None:
    (only,) = admin.get(path).body["items"]

    assert admin.delete(f"{path}/{only['id']}").problem[:2] == (409, "last_way_in")


def test_what_is_somebody_else_s_is_taken(admin: Program, path: str, person: Person) -> None:
    person("bob", username="bob", phone_number="+46701740605")

    for key, value in (
        ("email", "bob@nordlake.example"),
        ("username", "BOB"),
        ("phone", "+46701740605"),
    ):
        answer = admin.post(path, {"key": key, "value": value})
        assert answer.problem[:2] == (409, "identity_taken")


@pytest.mark.parametrize(
    "body",
    [
        {"key": "email", "value": "nobody"},
        {"key": "email", "value": "x\x00@nordlake.example"},
        {"key": "phone", "value": "12"},
        {"key": "username", "value": "a b"},
        {"key": "username", "value": "ada", "verified": True},
        {"key": "passkey", "value": "x"},
        {"key": "email"},
        {"key": "email", "value": "x" * 400},
    ],
    ids=str,
)
def test_what_cannot_be_signed_in_with_is_refused(
    admin: Program, path: str, body: dict[str, Any]
) -> None:
    assert admin.post(path, body).problem[0] == 422
    assert len(admin.get(path).body["items"]) == 1


def test_an_identity_nobody_has(admin: Program, path: str) -> None:
    for identity in ("x", "0b3f0d7e-1d0c-5a3e-9a55-6a1f0c2b7d11"):
        answer = admin.delete(f"{path}/{identity}")
        assert answer.problem[:2] == (404, "identity_not_found")
