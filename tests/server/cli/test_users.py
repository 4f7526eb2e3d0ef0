"""`burnish users show`, `explain` and `set`."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from tests.server.cli.conftest import Ended

from burnish.profiles.fact import NOTHING, Fact
from burnish_server.audit.models import Entry
from burnish_server.identity import owned
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.edit import Edit, edit
from burnish_server.profiles.models import CustomAttribute, Profile

pytestmark = pytest.mark.django_db

Burnish = Callable[..., Ended]
Define = Callable[..., CustomAttribute]

ADA = "ada@nordlake.example"


@pytest.fixture
def ada() -> User:
    user = User.objects.create(email=ADA)
    EmailAddress.objects.create(user=user, email=ADA, primary=True, verified=True)
    at, schema = timezone.now(), store.schema()
    store.say(user.pk, [Fact("standard", "email", ADA, "user", at)], at, schema)
    return user


def guess(user: User, attribute: CustomAttribute, value: object, source: str) -> None:
    at = timezone.now()
    expires_at = at + timedelta(days=30)
    fact = Fact("custom", attribute.id, value, source, at, 0.75, expires_at, "run-1")
    store.say(user.pk, [fact], at, store.schema())


def test_a_profile_in_json_has_every_fact_and_why_it_holds_or_not(
    burnish: Burnish, ada: User, attribute: Define
) -> None:
    city = attribute("city")
    guess(ada, city, "Lyon", "provider:acme")
    burnish("users", "set", ADA, "city=Paris")

    shown = json.loads(burnish("users", "show", ADA, "--json").out)

    assert shown["standard_attributes"] == {"email": ADA}
    assert shown["custom_attributes"] == {"city": "Paris"}
    assert shown["derived_attributes"]["email_verified"] is True
    said, beaten = shown["facts"]["city"]
    assert (said["value"], said["source"], said["effective"], said["rule"]) == (
        "Paris",
        "admin",
        True,
        None,
    )
    assert (beaten["value"], beaten["confidence"], beaten["run"]) == ("Lyon", 0.75, "run-1")
    assert (beaten["effective"], beaten["rule"]) == (False, "standing")
    assert beaten["expires_at"] > beaten["observed_at"]


def test_a_guess_the_person_refused_is_among_the_facts(
    burnish: Burnish, ada: User, attribute: Define
) -> None:
    guess(ada, attribute("city"), "Lyon", "provider:acme")
    deletion = Edit({"city": NOTHING}, party="end_user", source="user")
    CustomAttribute.objects.update(
        access={"end_user": "readwrite", "bearer": "readonly", "portal_ui": "readwrite"}
    )
    edit(ada.pk, deletion, owned.of(ada), store.schema(), timezone.now())

    shown = json.loads(burnish("users", "show", str(ada.pk), "--json").out)

    assert shown["custom_attributes"] == {}
    assert [(one["source"], one["rule"]) for one in shown["facts"]["city"]] == [
        ("provider:acme", "refused")
    ]


@pytest.mark.parametrize(
    ("type", "text", "value"),
    [
        ("string", "a = b ", "a = b "),
        ("integer", "40", 40),
        ("number", "0.5", 0.5),
        ("boolean", "true", True),
        ("date", "2026-03-04", "2026-03-04"),
        ("string_list", "a, b", ["a", "b"]),
        ("string_list", '["a, b"]', ["a, b"]),
        ("country_code", "SE", "SE"),
    ],
)
def test_a_value_is_read_as_its_attribute_s_type(
    burnish: Burnish, ada: User, attribute: Define, type: str, text: str, value: object
) -> None:
    it = attribute("it", type)

    ended = burnish("users", "set", ADA, f"it={text}")

    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("it: no value -> ")
    assert Profile.objects.get().custom == {it.id: value}


def test_an_address_is_a_json_object(burnish: Burnish, ada: User) -> None:
    burnish("users", "set", ADA, 'address={"locality": "Lund"}')

    assert Profile.objects.get().standard["address"] == {"locality": "Lund"}


def test_an_empty_value_deletes(burnish: Burnish, ada: User, attribute: Define) -> None:
    guess(ada, attribute("city"), "Lyon", "provider:acme")

    ended = burnish("users", "set", ADA, "city=")

    assert ended.out == "city: Lyon -> no value\n"
    assert Profile.objects.get().custom == {}
    assert burnish("users", "explain", ADA, "city").out.startswith("no value, from admin")


def test_each_fault_is_a_line_and_nothing_is_written(
    burnish: Burnish, ada: User, attribute: Define
) -> None:
    attribute("seats", "integer", maximum=9)
    attribute("plan", "enum", enum=["basic", "gold"])

    ended = burnish("users", "set", ADA, "given_name=Ada", "seats=many", "plan=silver")

    assert ended.status == 1
    assert ended.err == "/seats: must be a number\n/plan: must be one of basic, gold\n"
    assert Profile.objects.get().standard == {"email": ADA}
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["shoe_size=40"], "/shoe_size: there is no such attribute\n"),
        (["email=eve@nordlake.example"], "/email: must be one the user signs in with; "),
        (["email_verified=true"], "burnish: /email_verified may not be changed here"),
        (["city"], "city is no change; write ATTRIBUTE=VALUE."),
        (["name=A", "/name=B"], "name stands twice"),
    ],
)
def test_what_cannot_be_set_is_a_sentence(
    burnish: Burnish, ada: User, words: list[str], said: str
) -> None:
    ended = burnish("users", "set", ADA, *words)

    assert ended.status != 0
    assert said in " ".join(ended.err.replace("│", " ").split()) + "\n"


def test_a_person_s_own_word_holds_unless_the_administrator_locks_theirs(
    burnish: Burnish, ada: User, attribute: Define
) -> None:
    guess(ada, attribute("city"), "Paris", "user")

    refused = burnish("users", "set", ADA, "city=Lyon")
    locked = burnish("users", "set", ADA, "city=Lyon", "--lock")

    assert "the user said this themselves" in refused.err
    assert locked.out == "city: Paris -> Lyon\n"
    assert ", locked\nbeat Paris" in burnish("users", "explain", ADA, "city").out


def test_an_edit_is_in_the_audit_log_without_its_values(
    burnish: Burnish, ada: User, attribute: Define
) -> None:
    attribute("city")

    burnish("users", "set", ADA, "city=Lyon")

    entry = Entry.objects.get()
    assert (entry.door, entry.action, entry.subject_kind) == ("cli", "changed", "profile")
    assert entry.detail == {"attributes": ["city"], "locked": False}


def test_a_value_cannot_steer_the_terminal(burnish: Burnish, ada: User, attribute: Define) -> None:
    guess(ada, attribute("city"), "[/red]\x1b[2J\nLyon", "user")

    ended = burnish("users", "show", ADA)

    assert ended.status == 0
    assert "\x1b" not in ended.out
    assert "[/red]" in ended.out


def test_explaining_an_unknown_attribute_says_that_it_is_unknown(
    burnish: Burnish, ada: User
) -> None:
    assert burnish("users", "explain", ADA, "shoe_size") == (
        1,
        "",
        "/shoe_size: there is no such attribute\n",
    )
