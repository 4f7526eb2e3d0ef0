"""An app opens our pages for its person: with the scope for it, as the same login, and asking."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.test import Client as Browser
from django.utils import timezone
from tests.doors.oidc.conftest import BACKEND, FULL, PASSWORD, Answer, App, answer, returned

from burnish_server.hooks.models import Event
from burnish_server.identity.models import User
from burnish_server.identity.oidc.models import Grant, SessionToken

pytestmark = pytest.mark.django_db

Register = Callable[..., App]
SCOPES = f"openid offline_access {FULL}"
SETTINGS = "http://testserver/settings/"


@pytest.fixture
def app(client: Browser, ada: User, register: Register) -> App:
    """An app in which Ada has signed in with her password."""
    client.post("/login/", {"login": ada.email, "password": PASSWORD})
    return register("native")


@pytest.fixture
def eve(ada: User) -> User:
    user = User(email="eve@nordlake.example")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def ask(app: App, **scopes: str) -> Answer:
    tokens = app.log_in(**scopes)
    body = json.dumps({"refresh_token": tokens["refresh_token"]})
    place = "/oauth2/app_session_token"
    return answer(app.program.post(place, body, content_type="application/json"))


def made(app: App) -> str:
    text: str = ask(app, scope=SCOPES).body["result"]["app_session_token"]
    return text


def request(text: str, **more: str) -> dict[str, str]:
    hint = f"https://authgear.com/login_hint?type=app_session_token&app_session_token={text}"
    asked = {"response_type": "none", "client_id": "app", "redirect_uri": SETTINGS}
    return {**asked, "login_hint": hint, **more}


def opened(browser: Browser, text: str, **more: str) -> HttpResponse:
    return browser.get("/oauth2/authorize", request(text, **more))


def whose(browser: Browser) -> str | None:
    return browser.session.get("_auth_user_id")


@pytest.mark.parametrize("scope", ["openid offline_access", "openid offline_access email profile"])
def test_a_refresh_token_without_full_access_opens_no_session(app: App, scope: str) -> None:
    status, body, _ = ask(app, scope=scope)

    assert (status, body["error"]["reason"]) == (403, "InsufficientScope")
    assert FULL in body["error"]["message"]
    assert not SessionToken.objects.exists()


def test_the_session_has_the_time_and_the_methods_of_the_login(app: App, ada: User) -> None:
    text = made(app)
    days_ago = timezone.now() - timedelta(days=5)
    Grant.objects.update(auth_time=days_ago)
    logins, last = User.objects.values_list("logins", "last_login").get()
    events = Event.objects.filter(type="user.authenticated").count()
    elsewhere = Browser()

    opened(elsewhere, text)

    assert elsewhere.get("/settings/").status_code == 200
    assert User.objects.values_list("logins", "last_login").get() == (logins, last)
    assert Event.objects.filter(type="user.authenticated").count() == events
    here = App("app", "", elsewhere)
    here.code()
    grant = Grant.objects.latest("created_at")
    assert grant.auth_time == days_ago.replace(microsecond=grant.auth_time.microsecond)
    assert grant.amr == ["pwd", "x_primary_password"]


def test_the_session_is_no_login_of_now_for_max_age(app: App) -> None:
    text = made(app)
    Grant.objects.update(auth_time=timezone.now() - timedelta(days=5))
    elsewhere = Browser()
    opened(elsewhere, text)
    here = App("app", "", elsewhere)

    asked = here.authorize(max_age="60")
    silent = returned(here.authorize(max_age="60", prompt="none"))

    assert asked["Location"].startswith("/reauthenticate/?")
    assert silent["error"] == "login_required"
    assert "code" in here.come_back(max_age=str(6 * 86400))


def test_a_request_that_needs_a_login_goes_on_after_it(app: App) -> None:
    text = made(app)
    Grant.objects.update(auth_time=timezone.now() - timedelta(days=5))
    elsewhere = Browser()

    first = opened(elsewhere, text, max_age="60")
    proved = elsewhere.post(first["Location"], {"password": PASSWORD})
    back = elsewhere.get(proved["Location"])

    assert first["Location"].startswith("/reauthenticate/?")
    assert back["Location"] == SETTINGS


def test_the_session_is_listed_and_can_be_ended(app: App, ada: User) -> None:
    elsewhere = Browser()
    opened(elsewhere, made(app))
    assert UserSession.objects.filter(user=ada).count() == 2

    app.browser.post("/settings/sessions/", {"end": "others"})

    assert elsewhere.get("/settings/").status_code == 302


def test_a_password_proved_in_the_app_s_login_changes_nothing_here(app: App) -> None:
    elsewhere = Browser()
    opened(elsewhere, made(app))

    page = elsewhere.get("/2fa/totp/activate/")

    assert page["Location"].startswith("/reauthenticate/")


def test_who_is_signed_in_as_somebody_else_is_asked_first(app: App, ada: User, eve: User) -> None:
    text = made(app)
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(eve, backend=BACKEND)

    led = opened(browser, text)
    page = browser.get(led["Location"])

    assert led["Location"].startswith("/oauth2/switch_account?")
    assert whose(browser) == str(eve.pk)
    said = page.content.decode()
    assert "eve@nordlake.example" in said
    assert "ada@nordlake.example" in said
    assert browser.post(led["Location"], {"act": "switch"}).status_code == 403
    assert whose(browser) == str(eve.pk)
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', said)
    assert found

    done = browser.post(led["Location"], {"act": "switch", "csrfmiddlewaretoken": found[1]})

    assert done["Location"] == SETTINGS
    assert whose(browser) == str(ada.pk)
    assert not SessionToken.objects.exists()


def test_who_stays_stays_and_the_app_hears_it(app: App, eve: User) -> None:
    text = made(app)
    browser = Browser()
    browser.force_login(eve, backend=BACKEND)
    led = opened(browser, text)

    back = returned(browser.post(led["Location"], {"act": "stay"}))

    assert back["error"] == "access_denied"
    assert whose(browser) == str(eve.pk)


def test_nobody_is_switched_silently(app: App, eve: User) -> None:
    browser = Browser()
    browser.force_login(eve, backend=BACKEND)

    back = returned(opened(browser, made(app), prompt="none"))

    assert back["error"] == "interaction_required"
    assert whose(browser) == str(eve.pk)


def test_the_page_switches_nobody_with_a_token_that_is_no_good(app: App, eve: User) -> None:
    browser = Browser()
    browser.force_login(eve, backend=BACKEND)
    led = opened(browser, made(app))
    SessionToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    for said in (browser.get(led["Location"]), browser.post(led["Location"], {"act": "switch"})):
        assert returned(said)["error"] == "invalid_request"
    assert whose(browser) == str(eve.pk)


def test_who_is_signed_in_already_is_not_asked(app: App, ada: User) -> None:
    assert opened(app.browser, made(app))["Location"] == SETTINGS
    assert whose(app.browser) == str(ada.pk)


def test_a_stranger_at_the_page_is_led_on(app: App, ada: User) -> None:
    led = Browser().get("/oauth2/switch_account", request(made(app)))

    assert led["Location"].startswith("/oauth2/authorize?")
