"""Whoever signs in on an app's behalf comes back to the app, by whichever page they went."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client as Browser
from pytest_django import Settings
from tests.doors.oidc.conftest import PASSWORD, App, claims, returned

from burnish.attributes.access import OPEN
from burnish_server.identity.models import User
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions.models import Question

pytestmark = pytest.mark.django_db

Register = Callable[..., App]
ADA = {"login": "ada@nordlake.example", "password": PASSWORD}


def walk(browser: Browser, response: HttpResponse) -> HttpResponse:
    """Follow redirects as long as they stay here."""
    while response.status_code == 302 and response["Location"].startswith("/"):
        response = browser.get(response["Location"])
    return response


def sign_in(app: App, **more: str) -> HttpResponse:
    """Send a stranger here and sign Ada in."""
    page = walk(app.browser, app.authorize(**more))
    assert page.status_code == 200, page.content
    assert page.request["PATH_INFO"] == "/login/", page.request
    form = {**ADA, "next": page.context["redirect_field_value"]}
    return walk(app.browser, app.browser.post("/login/", form))


def test_by_password(client: Browser, ada: User, register: Register) -> None:
    app = register()

    back = sign_in(app)

    assert back["Location"].startswith("https://app.example/callback?code=")
    tokens = app.exchange(returned(back)["code"]).body
    assert claims(tokens["id_token"])["amr"] == ["pwd", "x_primary_password"]


def test_the_page_s_policy_lets_its_form_end_at_the_app(
    client: Browser, ada: User, register: Register
) -> None:
    app = register()

    page = walk(client, app.authorize())
    assert "form-action 'self' https://app.example;" in page["Content-Security-Policy"]

    sign_in(app)
    settings = client.get("/settings/")
    assert "form-action 'self';" in settings["Content-Security-Policy"]


def test_by_signing_up_and_a_code_from_the_mail(
    client: Browser, db: None, register: Register, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    app = register()

    page = walk(client, app.authorize(x_page="signup"))
    assert page.request["PATH_INFO"] == "/signup/"
    form = {"email": "bo@nordlake.example", "password1": "quiet-harbour-9"}
    page = walk(
        client, client.post("/signup/", {**form, "next": page.context["redirect_field_value"]})
    )
    code = re.search(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert code, mail.outbox[-1].body
    back = walk(client, client.post(page.request["PATH_INFO"], {"code": code[1]}))

    assert app.exchange(returned(back)["code"]).status == 200


@pytest.mark.parametrize(
    ("asks", "more", "asked"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"x_questions": "none"}, False),
        (False, {"x_questions": "ask"}, True),
    ],
)
def test_questions_are_asked_where_the_app_has_them_asked(
    client: Browser,
    ada: User,
    register: Register,
    asks: bool,
    more: dict[str, str],
    asked: bool,
) -> None:
    CustomAttribute.objects.create(pointer="/plan", type="string", access=OPEN.model_dump())
    words = {"en": {"title": "Which plan?"}}
    Question.objects.create(key="plan", entry={"attributes": ["plan"], "words": words})
    app = register(x_asks_questions=asks)

    page = sign_in(app, **more)

    assert (page.status_code == 200) is asked
    if asked:
        assert page.request["PATH_INFO"] == "/login/questions/"
        act = {"act": "skip", "about": page.context["sheet"].about}
        page = walk(client, client.post("/login/questions/", act))
    assert app.exchange(returned(page)["code"]).status == 200


def test_the_login_page_knows_whom_the_app_expects(
    client: Browser, db: None, register: Register
) -> None:
    page = walk(client, register().authorize(login_hint='ada@nordlake.example"><b>'))

    assert 'value="ada@nordlake.example&quot;&gt;&lt;b&gt;"' in page.content.decode()
