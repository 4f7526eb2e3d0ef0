"""Requests that would lead somebody astray, or let in who should not be."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client as Browser
from tests.doors.oidc.conftest import BACKEND, CALLBACK, PASSWORD, App, claims, returned
from tests.doors.oidc.test_ways_back import sign_in, walk

from burnish_server.identity.models import User
from burnish_server.identity.oidc import keys

pytestmark = pytest.mark.django_db

Register = Callable[..., App]


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/callback",
        "https://app.example/callback/",
        "https://app.example/callback/more",
        "https://app.example/callback?x=1",
        "https://app.example/callback#x",
        "https://app.example:444/callback",
        "https://app.example.evil.example/callback",
        "https://app.example@evil.example/callback",
        "https://evil.example\\@app.example/callback",
        "https://user@app.example/callback",
        "http://app.example/callback",
        "//app.example/callback",
        "/callback",
        "javascript:alert(1)",
        "https://app.example/callback\0",
        "HTTPS://APP.EXAMPLE/callback",
        "",
    ],
)
@pytest.mark.parametrize("response_type", ["code", "none"])
def test_nobody_is_sent_where_the_app_is_not(
    browser: Browser, register: Register, uri: str, response_type: str
) -> None:
    said = register().authorize(redirect_uri=uri, response_type=response_type)

    assert said.status_code == 400
    assert "Location" not in said
    assert "The app" in said.content.decode()


def test_two_addresses_are_one_too_many(browser: Browser, register: Register) -> None:
    said = register().authorize(redirect_uri=[CALLBACK, "https://evil.example/"])

    assert said.status_code == 400


@pytest.mark.parametrize("client_id", ["nobody", "", "a\0b", "x" * 500])
def test_an_unknown_app_is_told_to_its_person(
    browser: Browser, register: Register, client_id: str
) -> None:
    assert register().authorize(client_id=client_id).status_code == 400


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid admin"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_mode": "pigeon"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "tea"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "1e9"}, "invalid_request"),
        ({"request": "x"}, "request_not_supported"),
        ({"request_uri": "https://evil.example/r"}, "request_uri_not_supported"),
        ({"nonce": ["a", "b"]}, "invalid_request"),
        ({"nonce": "n" * 1001}, "invalid_request"),
        ({"id_token_hint": "garbage"}, "invalid_request"),
    ],
)
def test_a_bad_request_goes_back_with_what_is_wrong(
    browser: Browser, register: Register, more: dict[str, Any], error: str
) -> None:
    back = register().come_back(**more)

    assert (back["error"], back["state"]) == (error, "s1")
    assert back["error_description"]
    assert "code" not in back


def test_a_nonce_of_the_greatest_length_comes_back_whole(
    browser: Browser, register: Register
) -> None:
    app = register()

    tokens = app.log_in(nonce="n" * 1000)

    assert claims(tokens["id_token"])["nonce"] == "n" * 1000


def test_an_access_token_is_no_hint(browser: Browser, register: Register) -> None:
    home = "https://app.example/"
    app = register(issue_jwt_access_token=True, post_logout_redirect_uris=[home])
    tokens = app.log_in(scope="openid")
    asked = {"client_id": "app", "post_logout_redirect_uri": home}

    authorized = app.come_back(id_token_hint=tokens["access_token"])
    page = app.browser.get(
        "/oauth2/end_session", {**asked, "id_token_hint": tokens["access_token"]}
    )

    assert authorized["error"] == "invalid_request"
    assert page.status_code == 200  # asks first, for nothing is proved
    assert "_auth_user_id" in app.browser.session
    proved = app.browser.get("/oauth2/end_session", {**asked, "id_token_hint": tokens["id_token"]})
    assert proved["Location"] == home


def test_a_confidential_app_has_no_full_access(browser: Browser, register: Register) -> None:
    shop = register("confidential", "shop")

    back = shop.come_back(scope="openid https://authgear.com/scopes/full-access")

    assert back["error"] == "invalid_scope"


def test_a_program_sends_nobody_here(browser: Browser, register: Register) -> None:
    assert register("m2m", "job").authorize().status_code == 400


def test_a_stranger_is_not_let_in_where_no_page_may_be_shown(
    client: Browser, db: None, register: Register
) -> None:
    assert register().come_back(prompt="none")["error"] == "login_required"


def test_who_is_signed_in_needs_no_page(browser: Browser, register: Register) -> None:
    assert "code" in register().come_back(prompt="none")


def hint(app: App, **more: Any) -> str:
    tokens = app.log_in(scope="openid")
    said = {**claims(tokens["id_token"]), **more}
    key = keys.signing()
    return jwt.encode(said, key.private, "RS256", {"kid": key.kid})


def unsigned(app: App) -> str:
    said = claims(app.log_in(scope="openid")["id_token"])
    return jwt.encode(said, None, "none", {"kid": keys.signing().kid})


def by_public_key(app: App) -> str:
    """Return a token that takes the public key for a shared secret."""
    said = claims(app.log_in(scope="openid")["id_token"])
    public = (
        keys.signing()
        .private.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    head = {"alg": "HS256", "kid": keys.signing().kid}
    parts = [urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in (head, said)]
    mark = hmac.digest(public, b".".join(parts), "sha256")
    return b".".join([*parts, urlsafe_b64encode(mark).rstrip(b"=")]).decode()


def by_another_key(app: App) -> str:
    said = claims(app.log_in(scope="openid")["id_token"])
    private = rsa.generate_private_key(65537, 2048)
    return jwt.encode(said, private, "RS256", {"kid": keys.signing().kid})


@pytest.mark.parametrize("forge", [unsigned, by_public_key, by_another_key])
def test_a_forged_hint_is_refused(
    browser: Browser, register: Register, forge: Callable[[App], str]
) -> None:
    app = register()

    back = app.come_back(id_token_hint=forge(app))

    assert back["error"] == "invalid_request"


def test_another_app_s_hint_is_refused(browser: Browser, register: Register) -> None:
    app, other = register(), register(client_id="other")

    assert app.come_back(id_token_hint=hint(other))["error"] == "invalid_request"


def test_a_hint_is_good_after_it_has_expired_and_by_a_clock_that_is_ahead(
    browser: Browser, register: Register
) -> None:
    app, now = register(), int(time.time())

    assert "code" in app.come_back(id_token_hint=hint(app, exp=now - 10_000), prompt="none")
    assert "code" in app.come_back(id_token_hint=hint(app, iat=now + 120), prompt="none")


def test_somebody_else_than_the_hint_names_is_not_let_in(
    browser: Browser, register: Register, ada: User
) -> None:
    app = register()
    hers = hint(app)
    browser.force_login(User.objects.create(email="bo@nordlake.example"), backend=BACKEND)

    assert app.come_back(id_token_hint=hers, prompt="none")["error"] == "login_required"
    page = walk(browser, app.authorize(id_token_hint=hers))
    assert page.request["PATH_INFO"] == "/login/"


def reauthenticate(app: App, page: Any, password: str = PASSWORD) -> Any:
    assert page.request["PATH_INFO"] == "/reauthenticate/", page.request
    form = {"password": password, "next": _next(page)}
    return walk(app.browser, app.browser.post("/reauthenticate/", form))


def _next(page: Any) -> str:
    return parse_qs(page.request["QUERY_STRING"])["next"][0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wish", [{"prompt": "login"}, {"max_age": "0"}])
def test_who_is_signed_in_proves_it_again_where_the_app_wants_it_fresh(
    browser: Browser, register: Register, wish: dict[str, str]
) -> None:
    app = register()

    page = walk(browser, app.authorize(**wish))
    asked_again = walk(browser, app.authorize(**wish))
    back = reauthenticate(app, page)

    assert asked_again.request["PATH_INFO"] == "/reauthenticate/"
    tokens = app.exchange(returned(back)["code"]).body
    assert abs(claims(tokens["id_token"])["auth_time"] - time.time()) < 60
    later = walk(browser, app.authorize(**wish))
    assert later.request["PATH_INFO"] == "/reauthenticate/"


def test_a_login_for_one_app_alone_leaves_no_session(
    client: Browser, ada: User, register: Register
) -> None:
    app = register()

    back = sign_in(app, x_suppress_idp_session_cookie="true")

    tokens = app.exchange(returned(back)["code"]).body
    assert app.userinfo(tokens["access_token"]).status == 200
    assert client.get("/settings/").status_code == 302
    assert app.refresh(tokens["refresh_token"]).status == 200


def test_parameters_may_come_in_a_form(browser: Browser, register: Register) -> None:
    app = register()

    page = browser.post("/oauth2/authorize", app.request())

    assert "code" in returned(walk(browser, page))


def test_a_native_app_chooses_its_own_port_and_nothing_else(
    browser: Browser, register: Register
) -> None:
    phone = register(
        "native", "phone", redirect_uris=["http://127.0.0.1/back", "com.shop.app:/back"]
    )

    assert phone.authorize(redirect_uri="http://127.0.0.1:4711/back").status_code == 302
    custom = phone.authorize(redirect_uri="com.shop.app:/back")
    assert custom["Location"].startswith("com.shop.app:/back?code=")
    for other in ("http://127.0.0.1:4711/other", "http://127.0.0.1@evil.example/back"):
        assert phone.authorize(redirect_uri=other).status_code == 400
    web = register(redirect_uris=["http://127.0.0.1/back"])
    assert web.authorize(redirect_uri="http://127.0.0.1:4711/back").status_code == 400
