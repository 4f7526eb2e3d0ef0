"""`/api/v1/users/{id}/profile`, and where its values come from."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.doors.api.conftest import Answer, Program, say

from burnish_server.api.users.profile import merge
from burnish_server.audit.models import Entry
from burnish_server.hooks.models import Event, Hook
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute

pytestmark = pytest.mark.django_db

Person = Callable[..., User]
Define = Callable[..., CustomAttribute]


@pytest.fixture
def ada(person: Person, define: Define) -> User:
    """A user of whom the user, an administrator and a provider said something."""
    define("city")
    define("team", "integer")
    ada = person()
    say(ada, given_name="Ada")
    say(ada, "provider:acme", city="Lyon")
    return ada


@pytest.fixture
def path(ada: User) -> str:
    return f"/api/v1/users/{ada.pk}/profile"


def values(answer: Answer) -> tuple[Any, ...]:
    assert answer.status == 200, answer.body
    said = answer.body
    return said["standard_attributes"], said["custom_attributes"], said["locked"]


# RFC 7396, appendix A.
CASES: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "merged"), CASES)
def test_a_merge_patch_does_what_the_standard_s_examples_do(
    target: Any, patch: Any, merged: Any
) -> None:
    assert merge(target, patch) == merged


def test_a_patch_changes_what_it_names(admin: Program, path: str, ada: User) -> None:
    answer = admin.patch(
        path, {"standard_attributes": {"family_name": "Lind"}, "custom_attributes": {"team": 12}}
    )

    standard = {"email": ada.email, "given_name": "Ada", "family_name": "Lind"}
    assert values(answer) == (standard, {"city": "Lyon", "team": 12}, [])
    assert answer.response["ETag"] == admin.get(path).response["ETag"]
    assert list(store.of(ada.pk).facts["standard"]["family_name"]) == ["admin"]
    event = Event.objects.get(type="user.profile.updated")
    assert event.context["triggered_by"] == "admin_api"
    entry = Entry.objects.get(action="changed", subject_kind="profile")
    assert entry.detail == {"attributes": ["family_name", "team"], "locked": []}
    assert "Lind" not in str(entry.detail)


def test_an_address_is_merged_part_by_part(admin: Program, path: str) -> None:
    admin.patch(path, {"standard_attributes": {"address": {"locality": "Lyon", "country": "FR"}}})

    answer = admin.patch(path, {"standard_attributes": {"address": {"country": None}}})

    assert values(answer)[0]["address"] == {"locality": "Lyon"}


def test_a_value_is_locked_over_the_user_s_own_word_and_given_back(
    admin: Program, path: str, ada: User
) -> None:
    name = {"standard_attributes": {"given_name": "Ada L."}}

    refused = admin.patch(path, name)
    locked = admin.patch(path, {**name, "locked": ["given_name"]})
    kept = admin.patch(path, {"custom_attributes": {"team": 3}})
    released = admin.patch(path, {"locked": []})

    assert refused.body["errors"][0]["pointer"] == "/standard_attributes/given_name"
    assert "unless you lock yours" in refused.body["errors"][0]["detail"]
    assert (values(locked)[0]["given_name"], values(locked)[2]) == ("Ada L.", ["given_name"])
    assert values(kept)[2] == ["given_name"]
    assert values(released)[2] == []


def test_a_profile_is_replaced_whole_in_view_of_what_was_read(
    admin: Program, path: str, ada: User
) -> None:
    whole = {"standard_attributes": {"given_name": "Ada"}, "custom_attributes": {"team": 3}}
    tag = admin.get(path).response["ETag"]

    blind = admin.put(path, whole)
    good = admin.put(path, whole, match=tag)
    late = admin.put(path, whole, match=tag)

    assert blind.problem[:2] == (428, "precondition_required")
    assert values(good) == ({"email": ada.email, "given_name": "Ada"}, {"team": 3}, [])
    assert late.problem[:2] == (412, "precondition_failed")
    assert late.response["ETag"] == good.response["ETag"]
    assert admin.put(path, whole, match="*").status == 200


def test_a_profile_that_was_read_can_be_sent_back(admin: Program, path: str) -> None:
    read = admin.get(path)
    whole = {n: read.body[n] for n in ("standard_attributes", "custom_attributes", "locked")}

    answer = admin.put(path, whole, match=read.response["ETag"])

    assert answer.body == read.body


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"standard_attributes": {"citty": "x"}}, "/standard_attributes/citty"),
        ({"standard_attributes": {"city": "x"}}, "/standard_attributes/city"),
        ({"custom_attributes": {"city": 7}}, "/custom_attributes/city"),
        ({"custom_attributes": {"city": "x\x00"}}, "/custom_attributes/city"),
        ({"custom_attributes": {"city": "\ud800"}}, "/custom_attributes/city"),
        ({"custom_attributes": {"team": 10**400}}, "/custom_attributes/team"),
        ({"custom_attributes": {"city": {"a": 1}}}, "/custom_attributes/city"),
        ({"standard_attributes": {"email": "b@c.example"}}, "/standard_attributes/email"),
        ({"standard_attributes": {"email": None}}, "/standard_attributes/email"),
        ({"standard_attributes": {"email_verified": True}}, "/standard_attributes/email_verified"),
        ({"standard_attributes": []}, "/standard_attributes"),
        ({"locked": ["citty"]}, "/locked/0"),
        ({"locked": "city"}, "/locked"),
        ({"city": "Lyon"}, "/city"),
    ],
    ids=str,
)
def test_what_cannot_be_written_is_refused_and_nothing_is(
    admin: Program, path: str, body: dict[str, Any], pointer: str
) -> None:
    before = admin.get(path).body

    answer = admin.patch(path, body)

    assert answer.problem[0] == 422
    assert pointer in [one["pointer"] for one in answer.body["errors"]]
    assert admin.get(path).body == before


@pytest.mark.django_db(transaction=True)
def test_a_hook_may_refuse(admin: Program, path: str) -> None:
    script = "export default () => ({is_allowed: false, title: 'No', reason: 'not now'});"
    Hook.objects.create(name="no", script=script, events=["user.profile.pre_update"])

    before = admin.get(path).body

    answer = admin.patch(path, {"custom_attributes": {"team": 3}})

    assert answer.problem == (403, "hook_disallowed", "No not now")
    assert not Entry.objects.filter(door="api").exists()
    assert admin.get(path).body == before


def test_facts_say_who_said_what_and_why_one_holds(admin: Program, ada: User) -> None:
    say(ada, "user", city="Nice")
    place = f"/api/v1/users/{ada.pk}/facts"

    facts = admin.get(place).body["facts"]
    why = admin.get(f"{place}/city").body

    assert [one["source"] for one in facts["city"]] == ["user", "provider:acme"]
    assert (why["value"], why["stale"]) == ("Nice", False)
    assert [(one["value"], one["effective"], one["rule"]) for one in why["facts"]] == [
        ("Nice", True, None),
        ("Lyon", False, "standing"),
    ]
    assert why["facts"][1]["reason"] == "a weightier source spoke"
    assert admin.get(f"{place}/team").body["facts"] == []
    assert admin.get(f"{place}/citty").problem[:2] == (404, "attribute_not_found")


def test_history_has_everything_that_was_said_the_latest_first(admin: Program, ada: User) -> None:
    say(ada, "user", city="Nice")
    place = f"/api/v1/users/{ada.pk}/history"

    first = admin.get(place, limit=2).body
    rest = admin.get(first["next"]).body

    shown = [(one["attribute"], one["source"], one["value"]) for one in first["items"]]
    assert shown == [("city", "user", "Nice"), ("city", "provider:acme", "Lyon")]
    assert [one["attribute"] for one in rest["items"]] == ["given_name", "email"]
    assert rest["next"] is None
