"""`/api/v1/users`: programs find users, read them, and make them."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.doors.api.conftest import Program, say

from burnish_server.audit.models import Entry
from burnish_server.hooks.models import Event, Hook
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute
from burnish_server.roles import tie
from burnish_server.roles.models import Group, Role
from burnish_server.segments.models import Segment

pytestmark = pytest.mark.django_db

PATH = "/api/v1/users"
Person = Callable[..., User]
Define = Callable[..., CustomAttribute]


def found(program: Program, query: str) -> list[str]:
    """Return the names of whom a list shows, in its order."""
    answer = program.get(f"{PATH}?{query}")
    assert answer.status == 200, answer.body
    return [one["email"].partition("@")[0] for one in answer.body["items"]]


# --- Reading -----------------------------------------------------------------------------------


def test_a_user_is_read_with_all_that_is_known(
    admin: Program, person: Person, define: Define
) -> None:
    define("city")
    ada = person()
    say(ada, "provider:acme", city="Lyon")
    Role.objects.create(key="editor")
    tie.add(tie.ROLES_OF_USERS, [ada.pk], ["editor"])

    said = admin.get(f"{PATH}/{ada.pk}").body

    assert (said["id"], said["email"]) == (str(ada.pk), ada.email)
    assert said["standard_attributes"].keys() == {"email", "email_verified", "updated_at"}
    assert said["standard_attributes"]["email_verified"] is True
    assert said["custom_attributes"] == {"city": "Lyon"}
    assert (said["is_verified"], said["is_disabled"]) == (True, False)
    assert (said["roles"], said["groups"], said["delete_reason"]) == (["editor"], [], None)


def test_a_user_is_read_with_three_statements_and_a_page_with_as_many(
    admin: Program, person: Person
) -> None:
    ada = person()
    admin.get(f"{PATH}/{ada.pk}")
    with CaptureQueriesContext(connection) as one:
        admin.get(f"{PATH}/{ada.pk}")
    with CaptureQueriesContext(connection) as few:
        admin.get(PATH)
    for name in ("bob", "eva", "kim", "lea"):
        person(name)
    with CaptureQueriesContext(connection) as many:
        admin.get(PATH)

    assert len(one) <= 3, [query["sql"][:80] for query in one]
    assert len(many) == len(few) <= 3


def test_whoever_read_it_already_is_told_that_nothing_changed(
    admin: Program, person: Person
) -> None:
    ada = person()
    tag = admin.get(f"{PATH}/{ada.pk}").response["ETag"]
    admin.headers |= {"If-None-Match": tag}

    same = admin.get(f"{PATH}/{ada.pk}")
    say(ada, given_name="Ada")
    other = admin.get(f"{PATH}/{ada.pk}")

    assert (same.status, same.response.content, same.response["ETag"]) == (304, b"", tag)
    assert other.status == 200
    assert other.response["ETag"] != tag


# --- Finding -----------------------------------------------------------------------------------


def test_pages_show_everybody_once_the_newest_first_whoever_comes_meanwhile(
    admin: Program, person: Person
) -> None:
    at = timezone.now()
    for number in range(7):
        person(f"u{number}", created_at=at - timedelta(days=number // 3))

    first = admin.get(PATH, limit=3)
    person("late")
    second = admin.get(first.body["next"])
    third = admin.get(second.body["next"])

    shown = [one["id"] for page in (first, second, third) for one in page.body["items"]]
    ordered = User.objects.exclude(email__startswith="late").order_by("-created_at", "-id")
    assert shown == [str(one.pk) for one in ordered]
    assert third.body["next"] is None
    assert first.response["Link"] == f'<{first.body["next"]}>; rel="next"'
    assert "Link" not in third.response


@pytest.mark.parametrize(
    "cursor", ["x", "WyJhIl0", "W10", "bnVsbA", "WyJcdTAwMDAiLCIiXQ", "é", "%00", "W1tbW1tb" * 200]
)
def test_a_cursor_that_is_none_of_ours(admin: Program, cursor: str) -> None:
    answer = admin.get(PATH, cursor=cursor)

    assert answer.status == 422
    assert answer.body["code"] in {"invalid_cursor", "invalid_request"}


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=" + "9" * 5000,
        "status=asleep",
        "created_from=yesterday",
        "created_from=2026-01-01T00:00:00",
        "id=7",
        "attribute=city",
        "attribute=citty%3DLyon",
        "segment=nobody",
        "colour=red",
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(
    admin: Program, define: Define, query: str
) -> None:
    define("city")

    answer = admin.get(f"{PATH}?{query}")

    assert answer.problem[0] == 422


def test_each_filter_leaves_out_whom_it_does_not_hold_for(
    admin: Program, person: Person, define: Define
) -> None:
    city = define("city", indexed=True)
    define("team", "integer")
    ada, bob = person("ada"), person("bob", phone_number="+46701740605", username="bobby")
    eva = person("eva", is_active=False, created_at=timezone.now() - timedelta(days=400))
    User.objects.filter(pk=bob.pk).update(email="bob@other.example")
    say(ada, city="Lyon", given_name="Ada", team=12)
    say(bob, city="Lyon 2", name="Robert", team=3)
    Role.objects.create(key="editor")
    staff = Group.objects.create(key="staff")
    tie.add(tie.ROLES_OF_GROUPS, [staff.pk], ["editor"])
    tie.add(tie.GROUPS_OF_USERS, [eva.pk], ["staff"])
    Segment.objects.create(name="big", rule=[{"attribute": "team", "one_of": [12, 13]}])
    Segment.objects.create(name="new", rule=[{"attribute": "team", "known": False}])

    for query, names in {
        "": ["bob", "ada", "eva"],
        "q=ada": ["ada"],
        "q=%40other": ["bob"],
        f"q={eva.pk}": ["eva"],
        f"id={eva.pk}&id={ada.pk}": ["ada", "eva"],
        "email=ADA%40nordlake.example": ["ada"],
        "domain=nordlake.example": ["ada", "eva"],
        "domain=nordlake": [],
        "phone_number=+46 70 174 06 05": ["bob"],
        "username=BOBBY": ["bob"],
        "name=rob": ["bob"],
        "attribute=city%3Dlyon": ["ada"],
        "attribute=city%3Aly": ["bob", "ada"],
        "attribute=city%3Aly&name=ada": ["ada"],
        "role=editor": ["eva"],
        "group=staff": ["eva"],
        "group=other": [],
        "segment=big": ["ada"],
        "segment=new": ["eva"],
        "status=disabled": ["eva"],
        "status=active&limit=1": ["bob"],
        "status=anonymized": [],
        "created_before=2026-01-01T00:00:00Z": ["eva"],
        "created_from=2026-01-01T00:00:00+01:00": ["bob", "ada"],
    }.items():
        assert found(admin, query) == names, query
    assert city.indexed


def test_an_attribute_without_an_index_says_so(admin: Program, define: Define) -> None:
    define("city")

    answer = admin.get(f"{PATH}?attribute=city%3DLyon")

    assert answer.problem == (
        422,
        "unsearchable",
        "city cannot be searched by: it is not indexed.",
    )
    assert answer.body["errors"][0]["pointer"] == "/attribute/0"


# --- Making ------------------------------------------------------------------------------------


NEW: dict[str, Any] = {"email": "Ada@Nordlake.example"}


def test_a_user_is_made_with_all_that_was_given(admin: Program, define: Define) -> None:
    define("city")
    Role.objects.create(key="editor")
    body = {
        **NEW,
        "email_verified": True,
        "username": "Ada.L",
        "phone_number": "+46 70 174 06 05",
        "password": "correct horse battery",
        "standard_attributes": {"given_name": "Ada"},
        "custom_attributes": {"city": "Lyon"},
        "roles": ["editor"],
    }

    answer = admin.post(PATH, body)

    said, user = answer.body, User.objects.get()
    assert (answer.status, answer.response["Location"]) == (201, f"{PATH}/{user.pk}")
    assert said == admin.get(f"{PATH}/{user.pk}").body
    assert (said["email"], said["username"]) == ("ada@nordlake.example", "ada.l")
    assert said["standard_attributes"] | {"updated_at": 0} == {
        "email": "ada@nordlake.example",
        "email_verified": True,
        "given_name": "Ada",
        "phone_number": "+46701740605",
        "phone_number_verified": False,
        "preferred_username": "ada.l",
        "updated_at": 0,
    }
    assert (said["custom_attributes"], said["roles"]) == ({"city": "Lyon"}, ["editor"])
    assert check_password(body["password"], user.password)
    facts = store.of(user.pk).facts
    assert list(facts["standard"]["given_name"]) == ["admin"]
    event = Event.objects.get(type="user.created")
    assert event.context["triggered_by"] == "admin_api"
    assert event.payload["user"]["roles"] == ["editor"]
    assert "ip_address" not in event.context
    entry = Entry.objects.get(action="added", subject_kind="user")
    assert (entry.door, entry.subject_id) == ("api", str(user.pk))
    assert entry.detail == {"attributes": ["city", "given_name"]}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"email": "nobody"}, "/email"),
        ({"email": "a\x00@nordlake.example"}, "/email"),
        ({"email": "\ud800@nordlake.example"}, "/email"),
        ({"email": 7}, "/email"),
        ({"phone_number": "12"}, "/phone_number"),
        ({"username": "a b"}, "/username"),
        ({**NEW, "password": "12345678"}, "/password"),
        ({**NEW, "password": "pass\x00word-long"}, "/password"),
        ({**NEW, "standard_attributes": {"citty": "x"}}, "/standard_attributes/citty"),
        ({**NEW, "standard_attributes": {"city": "x"}}, "/standard_attributes/city"),
        ({**NEW, "standard_attributes": {"email": "b@c.example"}}, "/standard_attributes/email"),
        ({**NEW, "standard_attributes": {"updated_at": 7}}, "/standard_attributes/updated_at"),
        (
            {**NEW, "standard_attributes": {"given_name": "x\x00"}},
            "/standard_attributes/given_name",
        ),
        ({**NEW, "custom_attributes": {"city": 7}}, "/custom_attributes/city"),
        ({**NEW, "custom_attributes": {"size": 10**400}}, "/custom_attributes/size"),
        ({**NEW, "custom_attributes": []}, "/custom_attributes"),
        ({**NEW, "roles": ["nobody\x00"]}, None),
        ({**NEW, "roles": ["nobody"]}, None),
        ({**NEW, "is_administrator": True}, "/is_administrator"),
    ],
    ids=str,
)
def test_a_user_that_cannot_be_made_is_refused_with_a_sentence(
    admin: Program, define: Define, body: dict[str, Any], pointer: str | None
) -> None:
    define("city")
    define("size", "integer")

    answer = admin.post(PATH, body)

    assert answer.problem[0] == 422
    assert pointer is None or pointer in [one["pointer"] for one in answer.body["errors"]]
    assert not User.objects.exists()


def test_an_address_that_is_taken(admin: Program, person: Person) -> None:
    person("ada")

    assert admin.post(PATH, NEW).problem[:2] == (409, "identity_taken")


@pytest.mark.django_db(transaction=True)
def test_hooks_have_their_say(admin: Program, define: Define) -> None:
    define("city")
    script = """export default ({payload}: any) => payload.user.custom_attributes.city === "Rome"
        ? {is_allowed: false, title: "No", reason: "not there"}
        : {is_allowed: true, mutations: {user: {custom_attributes: {city: "Lyon"}}}};"""
    Hook.objects.create(name="geo", script=script, events=["user.pre_create"])

    refused = admin.post(PATH, {**NEW, "custom_attributes": {"city": "Rome"}})
    made = admin.post(PATH, {**NEW, "custom_attributes": {"city": "Nice"}})

    assert refused.problem == (403, "hook_disallowed", "No not there")
    assert made.body["custom_attributes"] == {"city": "Lyon"}
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_hooks_see_the_roles_somebody_is_given_and_may_set_others(admin: Program) -> None:
    for one in ("editor", "guest"):
        Role.objects.create(key=one)
    Group.objects.create(key="staff")
    script = """export default ({payload: {user}}: any) => ({is_allowed: true, mutations: {user: {
        roles: user.roles.includes("editor") && user.groups[0] === "staff" ? ["guest"] : []}}});"""
    Hook.objects.create(name="roles", script=script, events=["user.pre_create"])

    made = admin.post(PATH, {**NEW, "roles": ["editor"], "groups": ["staff"]})

    assert (made.body["roles"], made.body["groups"]) == (["guest"], ["staff"])
    told = Event.objects.get(type="user.created").payload["user"]
    assert (told["roles"], told["groups"]) == (["guest"], ["staff"])


def test_who_may_only_read_makes_nobody(
    key: Callable[..., Any], person: Person, admin: Program
) -> None:
    reader = Program(key("reader", "users:read")[1])

    assert reader.get(PATH).status == 200
    assert reader.post(PATH, NEW).problem[:2] == (403, "insufficient_scope")
    assert "users:write" in json.dumps(reader.post(PATH, NEW).body)
