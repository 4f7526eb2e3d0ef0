"""Codes and refresh tokens in the wrong hands, at the wrong time, or a second time."""

from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client as Browser
from django.utils import timezone
from tests.doors.oidc.conftest import CALLBACK, VERIFIER, Answer, App, answer

from burnish_server.identity.models import User
from burnish_server.identity.oidc import grants
from burnish_server.identity.oidc.models import AccessToken, Code, Grant, RefreshToken

pytestmark = pytest.mark.django_db

Register = Callable[..., App]


@pytest.fixture
def app(browser: Browser, register: Register) -> App:
    return register()


def refused(said: Answer, error: str = "invalid_grant", status: int = 400) -> str:
    assert (said.status, said.body["error"]) == (status, error)
    assert said.body.keys() == {"error", "error_description"}
    return str(said.body["error_description"])


def test_a_code_that_comes_twice_revokes_what_it_gave(app: App) -> None:
    code = app.code()
    tokens = app.exchange(code).body

    again = app.exchange(code)

    assert "used already" in refused(again)
    assert app.userinfo(tokens["access_token"]).status == 401
    refused(app.refresh(tokens["refresh_token"]))


def test_a_code_is_good_for_a_minute(app: App) -> None:
    code = app.code()
    Code.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert "expired" in refused(app.exchange(code))


@pytest.mark.parametrize("verifier", ["w" * 43, "", None, "v" * 42, "v" * 129, "\u00e9" * 43])
def test_a_wrong_verifier_gets_nothing_and_uses_the_code_up(app: App, verifier: str | None) -> None:
    code = app.code()

    refused(app.exchange(code, code_verifier=verifier))

    refused(app.exchange(code))


def test_a_verifier_without_a_challenge_is_refused(browser: Browser, register: Register) -> None:
    shop = register("confidential", "shop")
    code = shop.code(code_challenge=None, code_challenge_method=None)

    assert "challenge" in refused(shop.exchange(code, code_verifier=VERIFIER))


def test_another_app_s_code_is_not_known_and_stays_good(app: App, register: Register) -> None:
    other = register(client_id="other")
    code = app.code()

    refused(other.exchange(code))

    assert app.exchange(code).status == 200


def test_a_code_is_bound_to_its_redirect_uri(browser: Browser, register: Register) -> None:
    uris = [CALLBACK, "https://app.example/other"]
    app = register(redirect_uris=uris)

    refused(app.exchange(app.code(), redirect_uri=uris[1]))
    refused(app.exchange(app.code(), redirect_uri=None))


def test_a_refresh_token_that_comes_again_later_ends_the_whole_login(app: App) -> None:
    first = app.log_in()
    second = app.refresh(first["refresh_token"]).body
    seconds_pass(31)
    elsewhere = app.log_in()

    stolen = app.refresh(first["refresh_token"])

    assert "used already" in refused(stolen)
    refused(app.refresh(second["refresh_token"]))
    for tokens in (first, second):
        assert app.userinfo(tokens["access_token"]).status == 401
    assert app.userinfo(elsewhere["access_token"]).status == 200


def seconds_pass(seconds: float) -> None:
    """Make all exchanges so much older."""
    ago = F("used_at") - timedelta(seconds=seconds)
    RefreshToken.objects.exclude(used_at=None).update(used_at=ago)


def test_another_app_s_refresh_token_is_not_known_and_stays_good(
    app: App, register: Register
) -> None:
    other = register(client_id="other")
    tokens = app.log_in()

    refused(other.refresh(tokens["refresh_token"]))

    assert app.refresh(tokens["refresh_token"]).status == 200


def test_a_refresh_gets_no_more_than_was_granted(app: App) -> None:
    tokens = app.log_in()

    more = app.refresh(tokens["refresh_token"], scope="openid email")

    refused(more, "invalid_scope")
    assert app.refresh(tokens["refresh_token"], scope="openid").status == 200


def test_a_refresh_token_ends_with_its_lifetime(app: App) -> None:
    tokens = app.log_in()
    Grant.objects.update(ends_at=timezone.now() - timedelta(seconds=1))

    refused(app.refresh(tokens["refresh_token"]))


def test_an_access_token_ends_with_its_lifetime(app: App) -> None:
    tokens = app.log_in()
    AccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    said = app.userinfo(tokens["access_token"])

    assert said.status == 401
    assert said.body == {"error": "invalid_grant", "error_description": "invalid session"}
    assert said.response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("way", ["closed", "deleted"])
@pytest.mark.parametrize("jwt", [False, True])
def test_the_tokens_of_a_closed_account_end_at_once(
    browser: Browser, register: Register, ada: User, way: str, jwt: bool
) -> None:
    app = register(issue_jwt_access_token=jwt)
    tokens, code = app.log_in(), app.code()

    if way == "closed":
        User.objects.update(is_active=False)
    else:
        ada.delete()

    assert app.userinfo(tokens["access_token"]).status == 401
    refused(app.refresh(tokens["refresh_token"]))
    refused(app.exchange(code))


@pytest.mark.parametrize("token", ["", "x", "\u00e9", "x" * 5000, "a.b.c", "bk_abcdefgh_x"])
def test_what_is_no_access_token_is_refused_calmly(app: App, token: str) -> None:
    assert app.userinfo(token.encode("latin-1").decode("latin-1")).status == 401


def test_a_refresh_token_is_no_access_token(app: App) -> None:
    tokens = app.log_in()

    assert app.userinfo(tokens["refresh_token"]).status == 401
    assert app.userinfo(tokens["id_token"]).status == 401


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "a\0b"}, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "nothing"}, "invalid_grant"),
        ({"grant_type": "client_credentials"}, "unauthorized_client"),
        ({"grant_type": ["refresh_token", "refresh_token"]}, "invalid_request"),
    ],
)
def test_a_bad_token_request_is_told_what_is_wrong(
    app: App, given: dict[str, str], error: str
) -> None:
    refused(app.token(**given), error)


def test_the_token_endpoint_is_for_posts(app: App) -> None:
    assert app.program.get("/oauth2/token").status_code == 405


def test_a_client_proves_itself_and_the_body_wins(browser: Browser, register: Register) -> None:
    shop = register("confidential", "shop")
    wrong = {"Authorization": "Basic c2hvcDp3cm9uZw=="}

    refused(shop.exchange(shop.code(), client_secret="wrong"), "invalid_client")
    refused(shop.exchange(shop.code(), client_secret=None), "invalid_client")
    given = {"grant_type": "refresh_token", "refresh_token": "x"}
    by_header = answer(shop.program.post("/oauth2/token", given, headers=wrong))
    refused(by_header, "invalid_client", 401)
    assert by_header.response["WWW-Authenticate"].startswith("Basic")
    body = {**given, "client_id": "shop", "client_secret": shop.secret}
    refused(answer(shop.program.post("/oauth2/token", body, headers=wrong)), "invalid_grant")


def test_a_client_may_use_http_basic(browser: Browser, register: Register) -> None:
    shop = register("confidential", "shop")
    pair = b64encode(f"shop:{shop.secret}".encode()).decode()
    given = {
        "grant_type": "authorization_code",
        "code": shop.code(),
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }

    said = shop.program.post("/oauth2/token", given, headers={"Authorization": f"Basic {pair}"})

    assert said.status_code == 200


def test_what_is_long_over_is_forgotten_and_nothing_else(app: App) -> None:
    lasting, short = app.log_in(), app.log_in(scope="openid")
    AccessToken.objects.update(expires_at=timezone.now() - timedelta(days=2))
    Grant.objects.exclude(scopes__contains="offline_access").update(
        ends_at=timezone.now() - timedelta(days=2)
    )

    assert grants.forget_old(timezone.now()) > 0

    assert "access_token" in short
    assert Grant.objects.count() == 1
    assert app.refresh(lasting["refresh_token"]).status == 200


@pytest.mark.parametrize("header", ["Basic \xff", "Basic ////", "Basic YTpi", "Bearer \xff"])
def test_credentials_that_cannot_be_read_are_refused(app: App, header: str) -> None:
    said = app.program.post(
        "/oauth2/token", {"grant_type": "refresh_token"}, HTTP_AUTHORIZATION=header
    )

    refused(answer(said), "invalid_client", 401 if header.startswith("Basic") else 400)
