"""What each kind of app gets: consent for others' apps, attributes, programs, devices."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.test import Client as Browser
from django.utils import timezone
from tests.doors.oidc.conftest import Answer, App, claims, returned
from tests.doors.oidc.test_ways_back import walk

from burnish_server.identity.models import User
from burnish_server.identity.oidc.models import DeviceCode
from burnish_server.roles.models import Group, GroupRole, Role, UserGroup, UserRole

pytestmark = pytest.mark.django_db

Register = Callable[..., App]
ABOUT = "https://authgear.com/claims/user/"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
SCOPES = "openid email profile"


@pytest.fixture
def partner(browser: Browser, register: Register) -> App:
    return register("third_party_app", "partner", name="Partner <b>")


def agree(app: App, act: str = "allow", **more: Any) -> Any:
    page = walk(app.browser, app.authorize(**more))
    assert page.status_code == 200
    assert page.request["PATH_INFO"] == "/oauth2/consent"
    address = f"/oauth2/consent?{page.request['QUERY_STRING']}"
    return app.browser.post(address, {"act": act})


def test_people_are_asked_once_for_somebody_else_s_app(partner: App) -> None:
    page = walk(partner.browser, partner.authorize(scope=SCOPES))
    words = page.content.decode()

    back = agree(partner, scope=SCOPES)

    assert "Partner &lt;b&gt;" in words
    assert "see your e-mail address" in words
    assert "ada@nordlake.example" in words
    assert partner.exchange(returned(back)["code"]).status == 200
    assert "code" in partner.come_back(scope="openid email")
    more = walk(partner.browser, partner.authorize(scope=f"{SCOPES} phone"))
    assert more.request["PATH_INFO"] == "/oauth2/consent"


def test_who_does_not_agree_goes_back_without_a_code(partner: App) -> None:
    assert returned(agree(partner, "refuse"))["error"] == "access_denied"
    assert partner.come_back(prompt="none")["error"] == "consent_required"


def test_consent_needs_the_page_s_own_form(partner: App, ada: User) -> None:
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    page = walk(strict, strict.get("/oauth2/authorize", partner.request()))
    address = f"/oauth2/consent?{page.request['QUERY_STRING']}"

    assert strict.post(address, {"act": "allow"}).status_code == 403


def test_somebody_else_s_app_gets_the_attributes_of_its_scopes_alone(partner: App) -> None:
    tokens = partner.exchange(returned(agree(partner, scope="openid email"))["code"]).body

    said = partner.userinfo(tokens["access_token"]).body
    token = claims(tokens["id_token"])

    for about in (said, token):
        assert about["email"] == "ada@nordlake.example"
        assert about["email_verified"] is True
        assert "given_name" not in about
    assert "custom_attributes" not in said
    assert "x_web3" not in said


def test_a_confidential_app_finds_attributes_in_its_id_token(
    browser: Browser, register: Register
) -> None:
    shop = register("confidential", "shop", issue_jwt_access_token=True)
    tokens = shop.log_in(scope="openid profile")

    token, access = claims(tokens["id_token"]), claims(tokens["access_token"])

    assert token["given_name"] == access["given_name"] == "Ada"
    assert "nickname" not in token
    assert "email" not in token
    assert shop.userinfo(tokens["access_token"]).body["email"] == "ada@nordlake.example"


def test_a_jwt_access_token_says_what_a_resource_needs(
    browser: Browser, register: Register, ada: User
) -> None:
    app = register(issue_jwt_access_token=True, access_token_lifetime_seconds=600)
    tokens = app.log_in()

    said = claims(tokens["access_token"])

    assert jwt.get_unverified_header(tokens["access_token"])["typ"] == "at+jwt"
    assert (said["aud"], said["client_id"]) == (["http://testserver"], "app")
    assert said["scope"] == "openid offline_access"
    assert said["exp"] - said["iat"] == tokens["expires_in"] == 600
    assert {"jti", "auth_time"} <= said.keys()
    assert said[f"{ABOUT}roles"] == []


def test_roles_of_one_s_own_and_by_a_group_go_out_together(
    browser: Browser, register: Register, ada: User
) -> None:
    editor, reader = Role.objects.create(key="editor"), Role.objects.create(key="reader")
    staff = Group.objects.create(key="staff")
    UserRole.objects.create(user=ada, role=editor)
    UserGroup.objects.create(user=ada, group=staff)
    for role in (editor, reader):
        GroupRole.objects.create(group=staff, role=role)
    app = register()
    tokens = app.log_in()

    assert app.userinfo(tokens["access_token"]).body[f"{ABOUT}roles"] == ["editor", "reader"]
    assert claims(tokens["id_token"])[f"{ABOUT}roles"] == ["editor", "reader"]


def test_a_program_gets_a_token_of_its_own(register: Register) -> None:
    job = register("m2m", "job", x_scopes=["orders:read", "orders:write"])

    status, body, _ = job.token(grant_type="client_credentials", scope="orders:read")
    more = job.token(grant_type="client_credentials", scope="users:read")

    assert status == 200
    assert body.keys() == {"access_token", "token_type", "expires_in", "scope"}
    assert job.userinfo(body["access_token"]).status == 401
    assert more.body["error"] == "invalid_scope"


def test_a_program_s_jwt_names_the_program(register: Register) -> None:
    job = register("m2m", "job", x_scopes=["orders:read"], issue_jwt_access_token=True)

    said = claims(job.token(grant_type="client_credentials").body["access_token"])

    assert (said["sub"], said["client_id"], said["scope"]) == ("job", "job", "orders:read")


@pytest.fixture
def television(browser: Browser, register: Register) -> App:
    return register("native", "tv", name="Television")


def wait(app: App) -> Any:
    return app.post("/oauth2/device/code", {"scope": "openid offline_access"}).body


def poll(app: App, waiting: Any) -> Answer:
    DeviceCode.objects.update(polled_at=None)
    return app.token(grant_type=DEVICE, device_code=waiting["device_code"])


def test_a_device_is_let_in_on_another_one(television: App) -> None:
    waiting = wait(television)
    early = poll(television, waiting)

    typed = waiting["user_code"].lower().replace("-", " ")
    page = television.browser.get("/oauth2/device", {"user_code": typed})
    done = television.browser.post("/oauth2/device", {"user_code": typed, "act": "allow"})
    status, tokens, _ = poll(television, waiting)

    assert waiting["verification_uri"] == "http://testserver/oauth2/device"
    assert early.body["error"] == "authorization_pending"
    assert "Television" in page.content.decode()
    assert waiting["user_code"] in page.content.decode()
    assert "is let in" in done.content.decode()
    assert status == 200
    assert television.userinfo(tokens["access_token"]).status == 200
    assert poll(television, waiting).body["error"] == "invalid_grant"


def test_a_device_that_is_turned_away_gets_nothing(television: App) -> None:
    waiting = wait(television)

    act = {"user_code": waiting["user_code"], "act": "refuse"}
    television.browser.post("/oauth2/device", act)

    assert poll(television, waiting).body["error"] == "access_denied"


def test_a_device_asks_slowly_and_not_for_ever(television: App) -> None:
    waiting = wait(television)

    poll(television, waiting)
    hasty = television.token(grant_type=DEVICE, device_code=waiting["device_code"])
    DeviceCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert hasty.body["error"] == "slow_down"
    assert poll(television, waiting).body["error"] == "expired_token"
    gone = television.browser.get("/oauth2/device", {"user_code": waiting["user_code"]})
    assert "No device waits" in gone.content.decode()


def test_codes_of_devices_cannot_be_guessed_by_trying(television: App) -> None:
    wait(television)

    for _ in range(20):
        television.browser.post("/oauth2/device", {"user_code": "BBBB-BBBB"})
    last = television.browser.post("/oauth2/device", {"user_code": "BBBB-BBBB"})

    assert "too often" in last.content.decode()


def test_pages_of_apps_may_ask_and_no_others(browser: Browser, register: Register) -> None:
    app = register(x_allowed_origins=["https://admin.example"])
    register("third_party_app", "partner", redirect_uris=["https://partner.example/back"])
    tokens = app.log_in()

    def asked(origin: str) -> Any:
        headers = {"Authorization": f"Bearer {tokens['access_token']}", "Origin": origin}
        return app.program.get("/oauth2/userinfo", headers=headers)

    for origin in ("https://app.example", "https://admin.example"):
        assert asked(origin)["Access-Control-Allow-Origin"] == origin
        assert asked(origin)["Access-Control-Allow-Credentials"] == "true"
    assert "Access-Control-Allow-Origin" in asked("https://partner.example")
    assert "Access-Control-Allow-Credentials" not in asked("https://partner.example")
    for origin in ("https://evil.example", "null", "http://app.example"):
        assert "Access-Control-Allow-Origin" not in asked(origin)
    before = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    preflight = app.program.options("/oauth2/userinfo", headers=before)
    assert preflight.status_code == 204
    assert "Authorization" in preflight["Access-Control-Allow-Headers"]
    assert "Origin" in preflight["Vary"]
    assert json.loads(asked("https://app.example").content)["sub"]


def test_people_shut_an_app_out_again(partner: App) -> None:
    tokens = partner.exchange(returned(agree(partner, scope=SCOPES))["code"]).body

    page = partner.browser.get("/settings/apps/").content.decode()
    partner.browser.post("/settings/apps/", {"end": "nothing"})
    assert partner.userinfo(tokens["access_token"]).status == 200
    partner.browser.post("/settings/apps/", {"end": "partner"})

    assert "Partner &lt;b&gt;" in page
    assert "see your e-mail address" in page
    assert partner.userinfo(tokens["access_token"]).status == 401
    assert "There are none." in partner.browser.get("/settings/apps/").content.decode()
    again = walk(partner.browser, partner.authorize(scope=SCOPES))
    assert again.request["PATH_INFO"] == "/oauth2/consent"
