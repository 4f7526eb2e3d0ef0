"""Userinfo, which apps ask at every turn: one statement, and no attribute that is hidden."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.doors.oidc.conftest import App, answer, claims

from burnish.attributes.access import _LEGAL
from burnish.profiles.fact import Fact
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute, StandardAttribute

pytestmark = pytest.mark.django_db

Register = Callable[..., App]


def test_it_is_one_statement(browser: Browser, register: Register) -> None:
    app = register()
    tokens = app.log_in()
    app.userinfo(tokens["access_token"])

    with CaptureQueriesContext(connection) as captured:
        said = app.userinfo(tokens["access_token"])

    assert said.status == 200
    assert len(captured) == 1, [one["sql"] for one in captured]


def test_a_changed_schema_shows_at_once(browser: Browser, register: Register) -> None:
    app = register()
    tokens = app.log_in()
    assert app.userinfo(tokens["access_token"]).body["custom_attributes"] == {"city": "Lyon"}

    CustomAttribute.objects.filter(pointer="/city").update(pointer="/town")

    assert app.userinfo(tokens["access_token"]).body["custom_attributes"] == {"town": "Lyon"}


def test_no_attribute_a_bearer_may_not_see_goes_out(
    browser: Browser, register: Register, ada: User
) -> None:
    at, facts, shown = timezone.now(), [], set()
    for number, access in enumerate(sorted(_LEGAL)):
        level = dict(zip(("end_user", "bearer", "portal_ui"), access, strict=True))
        one = CustomAttribute.objects.create(pointer=f"/c{number}", type="string", access=level)
        facts.append(Fact("custom", one.pk, f"canary-{number}", "user", at))
        if access[1] != "hidden":
            shown.add(f"canary-{number}")
    hidden = {"end_user": "hidden", "bearer": "hidden", "portal_ui": "readwrite"}
    StandardAttribute.objects.create(name="given_name", access=hidden)
    facts.append(Fact("standard", "given_name", "canary-name", "user", at))
    store.say(ada.pk, facts, at, store.schema())
    app = register()
    shop = register("confidential", "shop", issue_jwt_access_token=True)
    tokens, hers = app.log_in(), shop.log_in(scope="openid profile email")

    said = app.userinfo(tokens["access_token"])
    everything = [
        said.response.content.decode(),
        str(claims(tokens["id_token"])),
        str(claims(hers["id_token"])),
        str(claims(hers["access_token"])),
    ]

    assert set(said.body["custom_attributes"].values()) == shown | {"Lyon"}
    hidden_ones = {f"canary-{n}" for n in range(len(_LEGAL))} - shown | {"canary-name"}
    assert not any(canary in text for text in everything for canary in hidden_ones)
    assert not any("canary-hidden" in text for text in everything)


def test_a_token_may_come_in_a_form(browser: Browser, register: Register) -> None:
    app = register()
    tokens = app.log_in()

    said = answer(app.program.post("/oauth2/userinfo", {"access_token": tokens["access_token"]}))

    assert said.status == 200


def test_the_session_s_cookie_says_who_somebody_is_too(browser: Browser, ada: User) -> None:
    said = answer(browser.get("/oauth2/userinfo"))

    assert (said.status, said.body["sub"]) == (200, str(ada.pk))
    assert said.body["custom_attributes"] == {"city": "Lyon"}
