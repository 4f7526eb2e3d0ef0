"""Signing out, from the app or from here, ends what belongs to it."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client as Browser
from tests.doors.oidc.conftest import BACKEND, FULL, PASSWORD, App, claims
from tests.doors.oidc.test_ways_back import walk

from burnish_server.identity import user_sessions
from burnish_server.identity.flows import on_behalf
from burnish_server.identity.models import User
from burnish_server.identity.oidc.models import Grant
from burnish_server.identity.session_keys import stored

pytestmark = pytest.mark.django_db

Register = Callable[..., App]
HOME = "https://app.example/"


@pytest.fixture
def app(browser: Browser, register: Register) -> App:
    return register(post_logout_redirect_uris=[HOME])


def signed_in(browser: Browser) -> bool:
    return "_auth_user_id" in browser.session


def test_a_revoked_refresh_token_takes_its_login_with_it(app: App) -> None:
    tokens = app.log_in()

    said = app.program.post("/oauth2/revoke", {"token": tokens["refresh_token"]})

    assert (said.status_code, said.content) == (200, b"")
    assert app.userinfo(tokens["access_token"]).status == 401
    assert app.refresh(tokens["refresh_token"]).body["error"] == "invalid_grant"


def test_what_is_not_known_is_revoked_already(app: App) -> None:
    assert app.program.post("/oauth2/revoke", {"token": "x"}).status_code == 200
    assert app.program.post("/oauth2/revoke", {}).status_code == 400


def test_another_app_revokes_nothing(app: App, register: Register) -> None:
    other = register("confidential", "other")
    tokens, hers = app.log_in(), other.log_in()

    other.program.post(
        "/oauth2/revoke",
        {
            "token": tokens["access_token"],
            "client_id": "other",
            "client_secret": other.secret,
        },
    )
    nameless = app.program.post("/oauth2/revoke", {"token": hers["access_token"]})

    assert app.userinfo(tokens["access_token"]).status == 200
    assert nameless.status_code == 400
    assert other.userinfo(hers["access_token"]).status == 200


def test_signing_out_here_ends_what_this_browser_let_in(app: App, ada: User) -> None:
    tokens = app.log_in()
    elsewhere = Browser()
    elsewhere.force_login(ada, backend=BACKEND)
    other = App(app.client_id, "", elsewhere).log_in()

    app.browser.post("/logout/")

    assert app.userinfo(tokens["access_token"]).status == 401
    assert app.refresh(tokens["refresh_token"]).status == 400
    assert app.userinfo(other["access_token"]).status == 200


def test_an_app_that_proves_whose_session_it_means_signs_out_at_once(app: App) -> None:
    tokens = app.log_in()

    said = app.browser.get(
        "/oauth2/end_session",
        {
            "id_token_hint": tokens["id_token"],
            "post_logout_redirect_uri": HOME,
            "state": "a b",
        },
    )

    assert said["Location"] == f"{HOME}?state=a+b"
    assert not signed_in(app.browser)
    assert app.userinfo(tokens["access_token"]).status == 401


def test_without_proof_the_person_is_asked(app: App) -> None:
    query = {"post_logout_redirect_uri": HOME}

    page = app.browser.get("/oauth2/end_session", query)
    address = f"/oauth2/end_session?{page.request['QUERY_STRING']}"
    said = app.browser.post(address, {"act": "sign_out"})

    assert page.status_code == 200
    assert "Sign out?" in page.content.decode()
    assert "form-action 'self' https://app.example;" in page["Content-Security-Policy"]
    assert said["Location"] == HOME
    assert not signed_in(app.browser)


def test_nobody_is_signed_out_by_somebody_else_s_form(app: App, ada: User) -> None:
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(ada, backend=BACKEND)

    forged = strict.post("/oauth2/end_session", {"act": "sign_out"})
    asked = walk(strict, strict.post("/oauth2/end_session", {"state": "x"}))

    assert forged.status_code == 403
    assert asked.status_code == 200
    assert signed_in(strict)


@pytest.mark.parametrize(
    "uri", ["https://evil.example/", "https://app.example/more", "//evil.example", "a\0b"]
)
def test_nobody_is_sent_where_no_app_is(app: App, uri: str) -> None:
    tokens = app.log_in()

    said = app.browser.get(
        "/oauth2/end_session",
        {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": uri},
    )

    assert said["Location"] == "/login/"


def test_another_app_s_address_is_not_this_one_s(app: App, register: Register) -> None:
    other = register(client_id="other")
    tokens = other.log_in()
    given = {"post_logout_redirect_uri": HOME, "id_token_hint": tokens["id_token"]}

    assert app.browser.get("/oauth2/end_session", given)["Location"] == "/login/"


def test_a_hint_of_another_person_signs_nobody_out(app: App) -> None:
    tokens = app.log_in()
    assert claims(tokens["id_token"])
    bo = User.objects.create(email="bo@nordlake.example")
    app.browser.force_login(bo, backend=BACKEND)

    page = app.browser.get("/oauth2/end_session", {"id_token_hint": tokens["id_token"]})

    assert page.status_code == 200
    assert signed_in(app.browser)


def test_an_app_opens_the_settings_of_its_person_once(app: App, ada: User) -> None:
    tokens = app.log_in(scope=f"openid offline_access {FULL}")
    elsewhere = Browser()

    def opened(text: str) -> object:
        hint = f"https://authgear.com/login_hint?type=app_session_token&app_session_token={text}"
        asked = {
            "response_type": "none",
            "client_id": "app",
            "redirect_uri": "http://testserver/settings/",
            "login_hint": hint,
            "prompt": "none",
        }
        return elsewhere.get("/oauth2/authorize", asked)

    made = app.program.post(
        "/oauth2/app_session_token",
        {"refresh_token": tokens["refresh_token"]},
        content_type="application/json",
    ).json()["result"]
    first = opened(made["app_session_token"])
    assert made["expire_at"].endswith("Z")
    assert first["Location"] == "http://testserver/settings/"  # type: ignore[index]
    assert elsewhere.get("/settings/").status_code == 200
    elsewhere.logout()
    again = opened(made["app_session_token"])
    assert "error=invalid_request" in again["Location"]  # type: ignore[index]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"refresh_token": 1}',
        b"{",
        b'{"refresh_token":"x"}',
        rb'{"refresh_token":"\ud800"}',
    ],
)
def test_no_session_for_no_refresh_token(app: App, body: bytes) -> None:
    said = app.program.post("/oauth2/app_session_token", body, content_type="application/json")

    assert said.status_code in (400, 403)
    assert said.json()["error"].keys() == {"name", "reason", "message", "code", "info"}


def test_a_proxy_learns_whose_request_it_has(app: App, ada: User) -> None:
    tokens = app.log_in()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}

    by_token = app.program.get("/resolve", headers=bearer)
    by_cookie = app.browser.get("/resolve")
    nobody = app.program.get("/resolve")
    bad = app.program.get("/resolve", headers={"Authorization": "Bearer x"})

    for said in (by_token, by_cookie):
        assert said.status_code == 200
        assert said["x-authgear-session-valid"] == "true"
        assert said["x-authgear-user-id"] == str(ada.pk)
        assert said["x-authgear-user-verified"] == "true"
        assert said["x-authgear-user-anonymous"] == "false"
        assert said["x-authgear-user-can-reauthenticate"] == "true"
        assert int(said["x-authgear-session-authenticated-at"]) > 1_700_000_000
    assert "x-authgear-session-valid" not in nobody
    assert (bad.status_code, bad["x-authgear-session-valid"]) == (200, "false")


def test_signing_out_another_browser_ends_what_it_let_in(app: App, ada: User) -> None:
    elsewhere = Browser()
    elsewhere.force_login(ada, backend=BACKEND)
    key = elsewhere.session.session_key
    UserSession.objects.create(user=ada, session_key=stored(key), ip="203.0.113.7")
    theirs, mine = App(app.client_id, "", elsewhere).log_in(), app.log_in()

    app.browser.post("/settings/sessions/", {"end": "others"})

    assert elsewhere.get("/settings/").status_code == 302
    assert app.userinfo(theirs["access_token"]).status == 401
    assert app.userinfo(mine["access_token"]).status == 200


@pytest.mark.django_db(transaction=True)
def test_a_new_password_ends_what_the_old_one_let_in(app: App, ada: User) -> None:
    tokens = app.log_in()
    elsewhere = Browser()
    elsewhere.force_login(ada, backend=BACKEND)
    other = App(app.client_id, "", elsewhere).log_in()
    new = "copper-harbour-9"
    proof = {"password": PASSWORD}
    app.browser.post("/reauthenticate/?next=/password/change/", proof)

    app.browser.post(
        "/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )

    ada.refresh_from_db()
    assert ada.check_password(new)
    assert signed_in(app.browser)
    for one in (tokens, other):
        assert app.userinfo(one["access_token"]).status == 401
        assert app.refresh(one["refresh_token"]).body["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "end", [user_sessions.end_all, lambda user: on_behalf.set_password(user, None)]
)
def test_apps_that_belong_to_no_session_end_with_all_of_them(
    app: App, ada: User, end: Callable[[User], Any]
) -> None:
    tokens = app.log_in()
    Grant.objects.update(session="")

    end(ada)

    assert app.userinfo(tokens["access_token"]).status == 401
