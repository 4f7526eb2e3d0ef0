"""Refresh tokens: retries are answered for a while, scopes narrow, reuse ends the login."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from tests.doors.oidc.conftest import App, claims
from tests.doors.oidc.test_abuse_codes import refused, seconds_pass

from burnish_server.identity.oidc import digest, grants
from burnish_server.identity.oidc.models import AccessToken, Grant, RefreshToken

pytestmark = pytest.mark.django_db

Register = Callable[..., App]
KINDS = ["spa", "native", "traditional_webapp", "confidential"]


@pytest.fixture(params=KINDS)
def app(request: pytest.FixtureRequest, browser: Browser, register: Register) -> App:
    return register(request.param)


def test_a_retry_after_a_lost_answer_is_answered_with_the_same_next_token(app: App) -> None:
    first = app.log_in()
    lost = app.refresh(first["refresh_token"]).body
    seconds_pass(29)

    status, again, _ = app.refresh(first["refresh_token"])

    assert status == 200
    assert again["refresh_token"] == lost["refresh_token"]
    assert again["access_token"] != lost["access_token"]
    for tokens in (first, lost, again):
        assert app.userinfo(tokens["access_token"]).status == 200
    assert app.refresh(again["refresh_token"]).status == 200


def test_a_token_used_longer_ago_revokes_the_whole_login(app: App) -> None:
    first = app.log_in()
    second = app.refresh(first["refresh_token"]).body
    seconds_pass(31)

    assert "used already" in refused(app.refresh(first["refresh_token"]))

    refused(app.refresh(second["refresh_token"]))
    for tokens in (first, second):
        assert app.userinfo(tokens["access_token"]).status == 401


@pytest.mark.parametrize(
    ("after", "reused"),
    [
        (timedelta(seconds=0), False),
        (timedelta(seconds=30), False),
        (timedelta(seconds=30, microseconds=1), True),
    ],
)
def test_the_grace_ends_after_thirty_seconds(after: timedelta, reused: bool) -> None:
    at = timezone.now()

    assert grants.is_reused(at, at + after) is reused
    assert grants.is_reused(None, at) is False


@pytest.mark.parametrize(("after", "answered"), [(30_000_000, True), (30_000_001, False)])
def test_the_exchange_itself_holds_to_the_grace_at_its_end(
    browser: Browser, register: Register, after: int, answered: bool
) -> None:
    app = register()
    text = app.log_in()["refresh_token"]
    app.refresh(text)
    token = RefreshToken.objects.get(pk=digest.of(text))
    assert token.used_at is not None
    at = token.used_at + timedelta(microseconds=after)

    def exchange() -> None:
        grants.store(token.grant, "access", 60, used=grants.Refresh(token, text), at=at)

    if answered:
        exchange()
    else:
        with pytest.raises(grants.Refused):
            exchange()

    assert (Grant.objects.get().revoked_at is None) is answered


def test_a_retry_that_comes_when_the_next_was_used_is_answered_with_the_newest(app: App) -> None:
    first = app.log_in()
    second = app.refresh(first["refresh_token"]).body
    third = app.refresh(second["refresh_token"]).body

    late = app.refresh(first["refresh_token"]).body

    assert late["refresh_token"] == third["refresh_token"]


def test_a_thief_s_use_of_the_shared_token_gives_it_away(app: App) -> None:
    first = app.log_in()
    own = app.refresh(first["refresh_token"]).body
    stolen = app.refresh(first["refresh_token"]).body
    app.refresh(stolen["refresh_token"])
    seconds_pass(31)

    refused(app.refresh(own["refresh_token"]))

    assert Grant.objects.get().revoked_at is not None


def test_another_client_has_no_grace(app: App, register: Register) -> None:
    other = register(client_id="other")
    first = app.log_in()
    app.refresh(first["refresh_token"])

    refused(other.refresh(first["refresh_token"]))

    assert app.refresh(first["refresh_token"]).status == 200


def test_no_refresh_token_is_stored_and_none_can_be_worked_out_without_the_key(
    browser: Browser, register: Register, settings: Any
) -> None:
    app = register()
    first = app.log_in()
    second = app.refresh(first["refresh_token"]).body
    token = RefreshToken.objects.get(pk=digest.of(first["refresh_token"]))
    used = grants.Refresh(token, first["refresh_token"])
    assert RefreshToken.objects.filter(pk=digest.of(second["refresh_token"])).exists()

    settings.SECRET_KEY = "another"

    assert grants.new_refresh(token.grant, used) != second["refresh_token"]


def test_every_answer_says_which_scopes_the_access_token_has(app: App) -> None:
    first = app.log_in(scope="openid offline_access email")
    second = app.refresh(first["refresh_token"]).body

    assert first["scope"] == second["scope"] == "openid offline_access email"


def test_a_program_s_answer_says_its_scopes(register: Register) -> None:
    job = register("m2m", "job", x_scopes=["orders:read", "orders:write"])

    both = job.token(grant_type="client_credentials").body
    one = job.token(grant_type="client_credentials", scope="orders:read").body

    assert (both["scope"], one["scope"]) == ("orders:read orders:write", "orders:read")


def test_a_narrower_refresh_narrows_the_access_token_alone(
    browser: Browser, register: Register
) -> None:
    app = register("third_party_app")
    from_page = app.authorize(scope="openid offline_access email profile")
    app.browser.post(from_page["Location"], {"act": "allow"})
    first = app.log_in(scope="openid offline_access email profile")

    narrow = app.refresh(first["refresh_token"], scope="openid email").body
    seen = app.userinfo(narrow["access_token"]).body
    whole = app.refresh(narrow["refresh_token"]).body

    assert narrow["scope"] == "openid email"
    assert "email" in seen
    assert "given_name" not in seen
    assert whole["scope"] == "openid offline_access email profile"
    assert "given_name" in app.userinfo(whole["access_token"]).body
    assert "given_name" in app.userinfo(first["access_token"]).body


def test_full_userinfo_goes_with_its_scope(browser: Browser, register: Register) -> None:
    app = register()
    full = "https://authgear.com/scopes/full-userinfo"
    ways = "https://authgear.com/claims/user/identities"
    first = app.log_in(scope=f"openid offline_access {full}")

    narrow = app.refresh(first["refresh_token"], scope="openid").body

    assert ways in app.userinfo(first["access_token"]).body
    assert ways not in app.userinfo(narrow["access_token"]).body


def test_a_narrower_signed_access_token_says_so(browser: Browser, register: Register) -> None:
    app = register(issue_jwt_access_token=True)
    first = app.log_in()

    narrow = app.refresh(first["refresh_token"], scope="openid").body

    assert claims(narrow["access_token"])["scope"] == "openid"
    assert AccessToken.objects.get(pk=digest.of(narrow["access_token"])).scopes == ["openid"]


def test_a_refresh_without_openid_brings_no_id_token(browser: Browser, register: Register) -> None:
    app = register()
    first = app.log_in()

    narrow = app.refresh(first["refresh_token"], scope="offline_access").body

    assert "id_token" not in narrow
    assert "refresh_token" in narrow


def test_a_wider_scope_is_refused_and_uses_nothing_up(app: App) -> None:
    first = app.log_in()

    refused(app.refresh(first["refresh_token"], scope="openid email"), "invalid_scope")

    assert RefreshToken.objects.get().used_at is None
