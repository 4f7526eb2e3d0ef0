"""A visitor signs up, and the hooks are asked first."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from tests.server.conftest import GEO

from burnish_server.hooks.models import Event, Hook, Run
from burnish_server.identity.models import Mail, User
from burnish_server.profiles import store, view
from burnish_server.profiles.models import CustomAttribute, Profile

pytestmark = pytest.mark.django_db(transaction=True)

ADA = {"email": "Ada@nordlake.example", "password1": "correct horse battery"}
NOBODY: dict[str, int] = {}


def answering(verdict: str) -> str:
    return f"export default (e) => {{ console.log(1); return {verdict}; }};"


def stored() -> dict[str, int]:
    """Count what a sign-up stores."""
    models = (User, EmailAddress, Profile, Mail)
    counts = {model.__name__: model.objects.count() for model in models}
    counts["created"] = Event.objects.filter(type="user.created").count()
    return {name: count for name, count in counts.items() if count}


def test_the_profile_is_filled_in_by_the_hook_and_says_so(
    client: Client, attribute: Callable[..., CustomAttribute], hook: Callable[..., Hook]
) -> None:
    attribute("city")
    attribute("country")
    hook("geo", GEO)

    response = client.post("/signup/", ADA, REMOTE_ADDR="203.0.113.40")

    assert response.status_code == 302
    user = User.objects.get(email="ada@nordlake.example")
    rows = {row.name: row for row in view.rows(store.of(user.pk), store.schema())}
    assert {name: (row.value, row.source) for name, row in rows.items()} == {
        "email": ("ada@nordlake.example", "user"),
        "city": ("Lyon", "hook:geo"),
        "country": ("France", "hook:geo"),
    }
    assert set(Event.objects.values_list("type", flat=True)) >= {"user.pre_create", "user.created"}
    assert "203.0.113.40" in Run.objects.get().console


def test_nobody_can_forge_the_address_a_hook_sees(
    client: Client, hook: Callable[..., Hook]
) -> None:
    hook("geo", GEO)

    client.post("/signup/", ADA, REMOTE_ADDR="203.0.113.40", HTTP_X_FORWARDED_FOR="198.51.100.7")

    assert Run.objects.get().console.strip() == "asked for 203.0.113.40"


def test_a_denial_shows_its_title_and_reason_keeps_what_was_typed_and_creates_nothing(
    client: Client, hook: Callable[..., Hook]
) -> None:
    hook("no", answering('{is_allowed: false, title: "Not <you>", reason: "Ask your boss"}'))

    page = client.post("/signup/", ADA).content.decode()

    assert "Not &lt;you&gt;" in page
    assert "Ask your boss" in page
    assert "Ada@nordlake.example" in page
    assert ADA["password1"] not in page
    assert stored() == NOBODY
    assert Run.objects.get().outcome == "denied"


def test_a_failing_hook_stops_the_sign_up_and_tells_only_the_administrator_why(
    client: Client, hook: Callable[..., Hook]
) -> None:
    hook("bad", 'export default () => {\n  throw new Error("the vendor\'s secret");\n};')

    page = client.post("/signup/", ADA).content.decode()

    assert "could not be checked" in page
    assert "secret" not in page
    assert stored() == NOBODY
    run = Run.objects.get()
    assert (run.outcome, run.error_code, run.error_line) == ("failed", "DenoRunError", 2)
    assert "the vendor's secret" in run.error_message


def test_a_failing_hook_that_may_fail_is_noted_and_the_sign_up_goes_on(
    client: Client, attribute: Callable[..., CustomAttribute], hook: Callable[..., Hook]
) -> None:
    attribute("city")
    hook("bad", "export default () => { throw new Error() };", on_error="allow", position=0)
    hook("geo", GEO, position=1)

    client.post("/signup/", ADA)

    assert set(Run.objects.values_list("hook_name", "outcome")) == {
        ("bad", "failed"),
        ("geo", "allowed"),
    }
    profile = Profile.objects.get()
    assert list(profile.custom.values()) == ["Lyon"]


def test_attributes_nobody_defined_are_dropped_and_named_in_the_log(
    client: Client, attribute: Callable[..., CustomAttribute], hook: Callable[..., Hook]
) -> None:
    attribute("city")
    hook("geo", GEO)

    client.post("/signup/", ADA)

    assert Run.objects.get().dropped == ["country"]


def test_an_existing_address_looks_like_a_new_one_and_no_hook_is_asked(
    client: Client, hook: Callable[..., Hook]
) -> None:
    new = client.post("/signup/", ADA)
    hook("geo", GEO)

    again = Client().post("/signup/", ADA | {"password1": "another good phrase"})

    assert (again.status_code, again.headers["Location"]) == (
        new.status_code,
        new.headers["Location"],
    )
    assert User.objects.count() == 1
    assert Run.objects.count() == 0


def test_an_existing_address_takes_as_long_as_a_new_one(
    client: Client, hook: Callable[..., Hook]
) -> None:
    hook(
        "slow",
        "export default async () => {await new Promise((r) => setTimeout(r, 400));"
        " return {is_allowed: true};};",
    )
    client.post("/signup/", ADA)

    started = time.monotonic()
    Client().post("/signup/", ADA)

    assert time.monotonic() - started >= 0.4
    assert Run.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "12345678901", "password1", "ada@nordlake.example"])
def test_a_weak_password_is_refused_before_any_hook_is_asked(
    client: Client, hook: Callable[..., Hook], password: str
) -> None:
    hook("geo", GEO)

    page = client.post("/signup/", ADA | {"password1": password})

    assert page.status_code == 200
    assert stored() == NOBODY
    assert Run.objects.count() == 0


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "x" * 10_000 + "@nordlake.example",
        "ada\0@nordlake.example",
        "👩‍🚀@nordlake.example",
        "أحمد@nordlake.example",
        "ada@nordlake.example\r\nBcc: eve@nordlake.example",
        "<script>alert(1)</script>@nordlake.example",
    ],
)
def test_an_address_that_is_none_is_a_form_error(client: Client, email: str) -> None:
    page = client.post("/signup/", ADA | {"email": email})

    assert page.status_code == 200
    assert "<script>alert(1)" not in page.content.decode()
    assert stored() == NOBODY


@pytest.mark.parametrize("password", ["correct 🐎 battery", "كلمة مرور طويلة جدا", "x y" * 3000])
def test_a_password_may_be_any_text(client: Client, password: str) -> None:
    client.post("/signup/", ADA | {"password1": password})

    assert User.objects.get().check_password(password)


def test_a_null_character_in_a_password_is_a_form_error(client: Client) -> None:
    assert client.post("/signup/", ADA | {"password1": "correct\0horse"}).status_code == 200
    assert stored() == NOBODY


def test_two_visitors_with_one_address_at_once_make_one_user(
    hook: Callable[..., Hook],
) -> None:
    hook(
        "slow",
        "export default async () => {await new Promise((r) => setTimeout(r, 200));"
        " return {is_allowed: true};};",
    )

    def sign_up(_: int) -> HttpResponse:
        response = Client().post("/signup/", ADA)
        connection.close()
        return response

    with ThreadPoolExecutor(3) as threads:
        responses = list(threads.map(sign_up, range(3)))

    assert {response.status_code for response in responses} == {302}
    assert len({response.headers["Location"] for response in responses}) == 1
    assert stored() | {"Mail": 0} == {
        "User": 1,
        "EmailAddress": 1,
        "Profile": 1,
        "created": 1,
        "Mail": 0,
    }


def test_a_failure_while_writing_leaves_nothing(client: Client) -> None:
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE hooks_event ADD CONSTRAINT never CHECK (seq < 0)")
    try:
        response = client.post("/signup/", ADA)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE hooks_event DROP CONSTRAINT never")

    assert response.status_code == 500
    assert stored() == NOBODY
