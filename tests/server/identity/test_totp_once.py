"""A code of an authenticator app is good once, also the one that activates it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from tests.server.identity.conftest import text

from burnish_server.identity.flows import administrator
from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db

ADDRESS, PASSWORD = "ada@nordlake.example", "correct horse battery"
COUNTER = 59_869_904
API = "/_allauth/browser/v1"

Show = Callable[[Client, str], HttpResponse]


@pytest.fixture(autouse=True)
def _time_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every code be of one and the same half minute."""
    cache.clear()
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([COUNTER]))


@pytest.fixture
def own(client: Client) -> Client:
    """The browser in which Ada has just proved her password."""
    administrator.create(ADDRESS, PASSWORD)
    login(client)
    client.post("/reauthenticate/", {"password": PASSWORD})
    return client


def login(client: Client) -> None:
    client.post("/login/", {"login": ADDRESS, "password": PASSWORD})


def post(client: Client, path: str, code: str) -> HttpResponse:
    return client.post(API + path, json.dumps({"code": code}), content_type="application/json")


def inside(client: Client) -> bool:
    return "_auth_user_id" in client.session


def code_of(secret: str) -> str:
    return auth.format_hotp_value(auth.hotp_value(secret, COUNTER))


def activated(client: Client) -> str:
    client.get("/2fa/totp/activate/")
    code = code_of(client.session[auth.SECRET_SESSION_KEY])
    assert client.post("/2fa/totp/activate/", {"code": code}).status_code == 302
    return code


def activated_by_json(client: Client) -> str:
    client.get(f"{API}/account/authenticators/totp")
    code = code_of(client.session[auth.SECRET_SESSION_KEY])
    assert post(client, "/account/authenticators/totp", code).status_code == 200
    return code


def at_login(client: Client, code: str) -> None:
    client.post("/2fa/authenticate/", {"code": code})


def at_login_by_json(client: Client, code: str) -> None:
    post(client, "/auth/2fa/authenticate", code)


ACTIVATE = [activated, activated_by_json]
SHOW = [at_login, at_login_by_json]


@pytest.mark.parametrize("show", SHOW)
@pytest.mark.parametrize("activate", ACTIVATE)
def test_the_code_that_activates_an_app_lets_nobody_in(
    own: Client, activate: Callable[[Client], str], show: Show
) -> None:
    code = activate(own)
    stranger = Client()
    login(stranger)

    show(stranger, code)

    assert not inside(stranger)
    cache.clear()  # as if it had not been used
    show(stranger, code)
    assert inside(stranger)


@pytest.mark.parametrize("again", SHOW)
@pytest.mark.parametrize("first", SHOW)
def test_a_code_lets_somebody_in_once(own: Client, first: Show, again: Show) -> None:
    code = activated(own)
    cache.clear()
    one, two = Client(), Client()
    login(one)
    login(two)

    first(one, code)
    again(two, code)

    assert (inside(one), inside(two)) == (True, False)


@pytest.mark.parametrize("place", ["/2fa/reauthenticate/", f"{API}/auth/2fa/reauthenticate"])
def test_a_code_of_a_login_proves_nothing_later(own: Client, place: str) -> None:
    code = activated(own)

    if place.startswith(API):
        answer = post(own, place.removeprefix(API), code)
        assert answer.status_code == 400
    else:
        assert own.post(place, {"code": code}).status_code == 200


def test_a_code_is_the_same_however_it_is_spaced(own: Client) -> None:
    code = activated(own)
    stranger = Client()
    login(stranger)

    at_login(stranger, f"{code[:3]} {code[3:]}")
    at_login(stranger, f" {code}")

    assert not inside(stranger)


def test_the_code_that_sets_up_a_demanded_app_lets_nobody_in(
    own: Client, hook: Callable[..., Any], transactional_db: None
) -> None:
    hook(
        "strict",
        "export default () => ({is_allowed: true, constraints: {amr: ['mfa']}});",
        events=["authentication.post_identified"],
    )
    first = Client()
    login(first)
    first.get("/login/factor/")
    secret = first.session["account_login"]["state"]["stages"]["demands"]["data"]["secret"]
    code = code_of(secret)
    assert "Keep these codes" in text(first.post("/login/factor/", {"code": code}))
    assert Authenticator.objects.filter(user=User.objects.get(), type="totp").exists()
    second = Client()
    login(second)

    at_login(second, code)

    assert not inside(second)
