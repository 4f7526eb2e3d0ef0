"""The code flow: an app sends somebody, who signs in and comes back with a code."""

import json
from collections.abc import Callable

import pytest
from django.test import Client as Browser
from tests.doors.oidc.conftest import CALLBACK, FULL, App, claims

from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db

Register = Callable[..., App]
ABOUT = "https://authgear.com/claims/user/"


def test_an_app_finds_out_where_everything_is() -> None:
    said = json.loads(Browser().get("/.well-known/openid-configuration").content)

    assert said["issuer"] == "http://testserver"
    assert said["token_endpoint"] == "http://testserver/oauth2/token"
    assert said["code_challenge_methods_supported"] == ["S256"]
    same = Browser().get("/.well-known/oauth-authorization-server")
    assert json.loads(same.content) == said


def test_somebody_who_is_signed_in_comes_back_with_a_code_that_becomes_tokens(
    browser: Browser, register: Register, ada: User
) -> None:
    app = register()

    back = app.come_back()
    status, body, response = app.exchange(back["code"])

    assert (back["state"], back["iss"]) == ("s1", "http://testserver")
    assert status == 200
    assert response["Cache-Control"] == "no-store"
    usual = {"access_token", "token_type", "expires_in", "refresh_token", "id_token", "scope"}
    assert body.keys() == usual
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 1800)
    said = claims(body["id_token"])
    assert said["aud"] == ["app"]
    assert (said["iss"], said["sub"], said["nonce"]) == ("http://testserver", str(ada.pk), "n1")
    assert said["exp"] - said["iat"] == 300
    assert said[f"{ABOUT}is_verified"] is True
    assert {"sid", "auth_time"} <= said.keys()
    assert "email" not in said


def test_userinfo_says_what_a_bearer_may_see(
    browser: Browser, register: Register, ada: User
) -> None:
    app = register()
    tokens = app.log_in()

    status, said, _ = app.userinfo(tokens["access_token"])

    assert status == 200
    assert said["sub"] == str(ada.pk)
    assert (said["email"], said["email_verified"]) == ("ada@nordlake.example", True)
    assert said["given_name"] == "Ada"
    assert said["custom_attributes"] == {"city": "Lyon"}
    assert said["x_web3"] == {}
    assert said[f"{ABOUT}roles"] == []
    assert "nickname" not in said
    assert f"{ABOUT}identities" not in said


def test_full_access_says_how_somebody_signs_in(browser: Browser, register: Register) -> None:
    app = register()
    tokens = app.log_in(scope=f"openid {FULL}")

    _, said, _ = app.userinfo(tokens["access_token"])

    (identity,) = said[f"{ABOUT}identities"]
    assert (identity["type"], identity["login_id_key"]) == ("login_id", "email")
    assert [one["type"] for one in said[f"{ABOUT}authenticators"]] == ["password"]
    assert said[f"{ABOUT}recovery_code_enabled"] is False


def test_without_offline_access_there_is_no_refresh_token(
    browser: Browser, register: Register
) -> None:
    assert "refresh_token" not in register().log_in(scope="openid")


def test_a_refresh_token_comes_back_as_a_new_one(browser: Browser, register: Register) -> None:
    app = register()
    first = app.log_in()

    status, second, _ = app.refresh(first["refresh_token"])

    assert status == 200
    assert second["refresh_token"] != first["refresh_token"]
    assert second["refresh_token"].split(".")[0] == first["refresh_token"].split(".")[0]
    assert app.userinfo(second["access_token"]).status == 200
    assert "id_token" in second


def test_the_answer_comes_the_way_the_app_wants_it(browser: Browser, register: Register) -> None:
    app = register()

    behind = app.authorize(response_mode="fragment")["Location"]
    form = app.authorize(response_mode="form_post")

    assert behind.startswith(f"{CALLBACK}#code=")
    assert f'action="{CALLBACK}"' in form.content.decode()
    assert "form-action https://app.example;" in form["Content-Security-Policy"]
