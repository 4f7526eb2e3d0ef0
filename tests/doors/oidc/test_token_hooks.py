"""Hooks add claims to tokens, and change none; what they refuse, the app is told."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from tests.doors.oidc.conftest import App, claims, returned
from tests.doors.oidc.test_ways_back import sign_in
from tests.server.conftest import hook

from burnish_server.hooks.models import Hook, Run
from burnish_server.identity.models import User

__all__ = ["hook"]
pytestmark = pytest.mark.django_db(transaction=True)

Register = Callable[..., App]
Configure = Callable[..., Hook]
ID, JWT = "oidc.id_token.pre_create", "oidc.jwt.pre_create"


def adding(member: str, claim: str) -> str:
    """Return a script that adds a claim, and what it saw, to a token."""
    return f"""export default (e) => ({{is_allowed: true, mutations: {{{member}: {{payload: {{
      ...e.payload.{member}.payload, "https://shop.example/{claim}": {{
        user: e.payload.user.id, city: e.payload.user.custom_attributes.city,
        identities: e.payload.identities.map((one) => one.type),
        client: e.context.client_id, oauth: e.context.oauth, by: e.context.triggered_by,
      }},
    }}}}}}}});"""


DENY = "export default () => ({is_allowed: false, title: 'No', reason: 'never'});"


@pytest.fixture
def app(browser: Browser, register: Register) -> App:
    return register(issue_jwt_access_token=True)


def test_claims_are_added_at_every_issue(app: App, ada: User, hook: Configure) -> None:
    hook("id", adding("id_token", "seen"), events=[ID])
    hook("access", adding("jwt", "seen"), events=[JWT])

    first = app.log_in(x_state="campaign")
    second = app.refresh(first["refresh_token"]).body

    expected = {
        "user": str(ada.pk),
        "city": "Lyon",
        "identities": ["login_id"],
        "client": "app",
        "oauth": {"state": "s1", "x_state": "campaign"},
        "by": "user",
    }
    for tokens in (first, second):
        for name in ("id_token", "access_token"):
            assert claims(tokens[name])["https://shop.example/seen"] == expected
    order = list(Run.objects.order_by("pk").values_list("hook__name", flat=True))
    assert order == ["id", "access"] * 2


def test_an_opaque_access_token_has_nothing_to_add_to(
    browser: Browser, register: Register, hook: Configure
) -> None:
    hook("access", DENY, events=[JWT])

    assert register().log_in()["access_token"].count(".") == 0


@pytest.mark.parametrize(
    ("event", "script", "status", "said"),
    [
        (JWT, DENY, 400, "access token generation is disallowed by hook"),
        (ID, DENY, 500, "internal server error"),
        (JWT, "export default () => { throw new Error('k3y'); };", 500, "internal server error"),
        (
            ID,
            "export default (e) => ({is_allowed: true, mutations: {id_token: {payload: "
            "{...e.payload.id_token.payload, sub: 'somebody else'}}}});",
            500,
            "internal server error",
        ),
    ],
)
def test_what_a_hook_refuses_gives_no_tokens(
    app: App, hook: Configure, event: str, script: str, status: int, said: str
) -> None:
    hook("no", script, events=[event])
    code = app.code()

    answer = app.exchange(code)

    assert (answer.status, answer.body) == (
        status,
        {"error": "server_error", "error_description": said},
    )
    assert app.exchange(code).body["error"] == "invalid_grant"


def test_a_refresh_token_stays_good_when_a_hook_refuses(app: App, hook: Configure) -> None:
    tokens = app.log_in()
    no: Any = hook("no", DENY, events=[ID])

    refused = app.refresh(tokens["refresh_token"])
    no.delete()

    assert refused.status == 500
    assert app.refresh(tokens["refresh_token"]).status == 200


@pytest.mark.parametrize(
    "event", ["authentication.pre_initialize", "authentication.pre_authenticated"]
)
def test_hooks_of_a_way_in_know_which_app_it_is_for(
    client: Browser, ada: User, register: Register, hook: Configure, event: str
) -> None:
    echo = """export default (e) => { console.log(JSON.stringify([
      e.context.client_id, e.context.oauth, e.context.preferred_languages])); return
      {is_allowed: true}; }"""
    hook("echo", echo.replace("return\n      ", "return "), events=[event])
    app = register()

    back = sign_in(app, x_state="campaign", ui_locales="sv fr")

    assert json.loads(Run.objects.get().console) == [
        "app",
        {"state": "s1", "x_state": "campaign"},
        ["sv", "fr"],
    ]
    assert "code" in returned(back)
    assert "sent_by_app" not in client.session
