"""Userinfo, which apps ask at every turn: one statement, and no attribute that is hidden."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.doors.oidc.conftest import App, answer, claims, returned

from burnish.attributes.access import _LEGAL, OPEN
from burnish.profiles.fact import Fact
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute, StandardAttribute
from burnish_server.questions.models import Question

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


def test_an_app_of_the_house_asks_questions_for_its_person(
    browser: Browser, register: Register
) -> None:
    CustomAttribute.objects.create(pointer="/plan", type="string", access=OPEN.model_dump())
    words = {"en": {"title": "Which plan?"}}
    Question.objects.create(key="plan", entry={"attributes": ["plan"], "words": words})
    app, partner = register(), register("third_party_app", "partner")
    headers = {"Authorization": f"Bearer {app.log_in()['access_token']}"}
    agree = browser.post("/oauth2/consent?" + urlencode(partner.request()), {"act": "allow"})
    foreign = partner.exchange(returned(agree)["code"]).body["access_token"]

    asked = answer(app.program.get("/api/v1/me/questions", headers=headers))
    said = {"act": "answer", "values": {"plan": "pro"}}
    path, json = "/api/v1/me/questions/plan", "application/json"
    done = answer(app.program.post(path, said, content_type=json, headers=headers))
    no_token = app.program.get("/api/v1/me/questions", headers={"Authorization": "Bearer x"})
    theirs = {"Authorization": f"Bearer {foreign}"}

    assert [one["key"] for one in asked.body["questions"]] == ["plan"]
    assert done.body["values"] == {"plan": "pro"}
    assert no_token.status_code == 401
    assert app.program.get("/api/v1/me/questions", headers=theirs).status_code == 403
