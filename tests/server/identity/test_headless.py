"""Signing in and up by JSON: what our pages do, for programs."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from tests.server.identity.conftest import Ada, effective
from tests.server.identity.test_way_in import STEPS, code_of, demanding

from burnish.attributes.access import OPEN
from burnish_server.hooks.models import Event, Hook
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import anonymization, deletion, disabling, on_behalf
from burnish_server.identity.models import User
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions.models import Question

pytestmark = pytest.mark.django_db(transaction=True)

DENY = "export default () => ({is_allowed: false, title: 'Closed', reason: 'Staff only.'});"
NEW = {"email": "eve@nordlake.example", "password": "correct horse battery"}
KNOWN = {"email": "ada@nordlake.example", "password": "correct horse battery"}


class App:
    """A program with the API's `app` client: it carries the session's token itself."""

    def __init__(self) -> None:
        self.client, self.token = Client(), ""

    def call(self, method: str, path: str, said: Any = None, **headers: str) -> HttpResponse:
        """Call it, and keep the token it gives."""
        if self.token:
            headers["X-Session-Token"] = self.token
        response = self.client.generic(
            method,
            f"/_allauth/app/v1/{path}",
            b"" if said is None else json_of(said),
            content_type="application/json",
            headers=headers,
        )
        meta = response.json().get("meta") or {}
        self.token = meta.get("session_token", self.token)
        return response

    def post(self, path: str, said: Any) -> HttpResponse:
        return self.call("POST", path, said)

    def get(self, path: str) -> HttpResponse:
        return self.call("GET", path)


def json_of(said: Any) -> bytes:
    return said if isinstance(said, bytes) else json.dumps(said).encode()


def errors(response: HttpResponse) -> list[tuple[str, str]]:
    """Return each fault's code, and the field it is of."""
    return [(one["code"], one.get("param", "")) for one in response.json()["errors"]]


def pending(response: HttpResponse) -> list[str]:
    """Return what is still to be done."""
    return [one["id"] for one in response.json()["data"]["flows"] if one.get("is_pending")]


@pytest.fixture
def app() -> App:
    return App()


def test_a_sign_up_answers_questions_and_is_put_before_the_hooks(
    app: App,
    attribute: Callable[..., CustomAttribute],
    question: Callable[..., Question],
    hook: Callable[..., Hook],
) -> None:
    size = attribute("size", "integer", access=OPEN.model_dump())
    team = attribute("team", access=OPEN.model_dump())
    question("size", sign_up=True, required=True)
    hook(
        "team",
        "export default (e) => ({is_allowed: true, mutations: {user: {custom_attributes:"
        " {...e.payload.user.custom_attributes, team: 'Design'}}}});",
    )

    missing = app.post("auth/signup", NEW)
    wrong = app.post("auth/signup", {**NEW, "answers": {"size": "many"}})
    short = app.post("auth/signup", {**NEW, "password": "x", "answers": {"size": 12}})
    made = app.post("auth/signup", {**NEW, "answers": {"size": 12}})

    assert [one[1] for one in errors(missing)] == ["answers.size"]
    assert [one[1] for one in errors(wrong)] == ["answers.size"]
    assert {one[1] for one in errors(short)} == {"password"}
    assert made.status_code == 401
    assert pending(made) == ["verify_email"]
    user = User.objects.get()
    assert effective(user, size) == 12
    assert effective(user, team) == "Design"
    assert app.token


def test_a_refused_sign_up_is_a_fault_of_the_form(app: App, hook: Callable[..., Hook]) -> None:
    hook("no", DENY)

    refused = app.post("auth/signup", NEW)

    assert refused.status_code == 400
    (fault,) = refused.json()["errors"]
    assert fault == {"message": "Closed Staff only.", "code": "hook_disallowed"}
    assert not User.objects.exists()


def test_a_sign_up_with_a_passkey_is_put_before_the_hooks_too(
    app: App, hook: Callable[..., Hook]
) -> None:
    no = hook("no", DENY)
    about = {"email": NEW["email"]}

    refused = app.post("auth/webauthn/signup", about)
    no.delete()
    begun = app.post("auth/webauthn/signup", about)

    assert errors(refused) == [("hook_disallowed", "")]
    assert begun.status_code == 401
    assert User.objects.get().email == NEW["email"]
    assert Event.objects.filter(type="user.created").count() == 1


def test_an_address_that_has_an_account_looks_like_a_new_one(app: App, ada: Ada) -> None:
    known = app.post("auth/signup", KNOWN)
    new = App().post("auth/signup", NEW)

    assert known.status_code == new.status_code == 401
    assert known.json()["data"] == new.json()["data"]


def test_a_login_is_put_before_the_hooks_at_each_step(
    app: App, ada: Ada, hook: Callable[..., Hook]
) -> None:
    for event in STEPS:
        no = hook("no", DENY, events=[event])
        refused = App().post("auth/login", KNOWN)
        assert refused.status_code in (400, 403), event
        assert refused.json()["errors"][0]["message"] == "Closed Staff only.", event
        no.delete()

    let_in = app.post("auth/login", KNOWN)

    assert let_in.status_code == 200
    assert let_in.json()["data"]["user"]["email"] == "ada@nordlake.example"
    assert Event.objects.filter(type="user.authenticated").count() == 1
    assert app.get("auth/session").status_code == 200
    assert app.call("DELETE", "auth/session").status_code == 401
    assert app.get("auth/session").status_code == 410


def test_a_demanded_factor_is_set_up_and_shown(
    app: App, ada: Ada, hook: Callable[..., Hook]
) -> None:
    hook("strict", demanding("mfa"), events=[STEPS[1]])

    assert pending(app.post("auth/login", KNOWN)) == ["demands"]
    about = app.get("auth/factor").json()["data"]
    assert about["is_set_up"] is False
    assert errors(app.post("auth/factor", {"code": "000000"})) == [("incorrect_code", "code")]
    assert errors(app.post("auth/factor", {})) == [("incorrect_code", "code")]
    code = code_of(about["secret"])
    shown = app.post("auth/factor", {"code": code}).json()["data"]
    assert len(shown["recovery_codes"]) == 10
    assert app.post("auth/factor", {}).status_code == 200


DEMAND = "export default () => ({is_allowed: true, constraints: {amr: ['mfa']}});"
AT_LOGIN = """
export default (e) => e.payload.authentication_context.authentication_flow.type === "login"
  ? {is_allowed: true, constraints: {amr: ["mfa"]}} : {is_allowed: true};
"""


@pytest.mark.parametrize("script", [DEMAND, AT_LOGIN])
@pytest.mark.parametrize("other", ["auth/signup", "auth/webauthn/signup", "auth/code/request"])
def test_no_other_call_makes_a_demanded_factor_unnecessary(
    app: App, ada: Ada, hook: Callable[..., Hook], script: str, other: str
) -> None:
    hook("mfa", script, events=[STEPS[2]])
    hook("first", "export default () => ({is_allowed: true});", events=[STEPS[0]])
    assert "demands" in pending(app.post("auth/login", KNOWN))

    assert app.post("auth/factor", {}).status_code == 400
    app.post(other, {})
    assert app.post("auth/factor", {}).status_code != 200
    assert app.get("auth/session").status_code != 200


def _new_password(user: User) -> None:
    on_behalf.set_password(user, "sunken-lantern-7")


def _closed(user: User) -> None:
    disabling.disable(user, Circumstances("admin_api"))


def _anonymised(user: User) -> None:
    anonymization.anonymize(user, Circumstances("admin_api"))


def _deleted(user: User) -> None:
    deletion.delete(user, Circumstances("admin_api"))


@pytest.mark.parametrize("change", [_new_password, _closed, _anonymised, _deleted])
def test_a_pending_login_ends_where_the_account_changes(
    app: App, ada: Ada, question: Callable[..., Question], change: Callable[[User], None]
) -> None:
    CustomAttribute.objects.create(
        id="0001", pointer="/team", type="string", access=OPEN.model_dump()
    )
    question("team", required=True)
    assert pending(app.post("auth/login", KNOWN)) == ["questions"]

    change(ada.user)
    answered = app.post("auth/questions", {"answers": {"team": "x"}})

    assert answered.status_code in (401, 409, 410)
    assert app.get("auth/session").status_code != 200
    assert not UserSession.objects.exists()


def test_a_code_goes_on_as_the_login_it_was_sent_for(
    app: App, ada: Ada, hook: Callable[..., Hook]
) -> None:
    hook("mfa", AT_LOGIN, events=[STEPS[2]])
    hook("first", "export default () => ({is_allowed: true});", events=[STEPS[0]])
    app.post("auth/code/request", {"email": KNOWN["email"]})
    (code,) = re.findall(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]+)\s*$", mail.outbox[-1].body, re.MULTILINE)

    app.post("auth/signup", {})
    app.post("auth/code/confirm", {"code": code})

    assert app.get("auth/session").status_code != 200


def test_the_questions_of_a_login_are_put_one_by_one(
    app: App, ada: Ada, attribute: Callable[..., CustomAttribute], question: Callable[..., Question]
) -> None:
    city = attribute("city", access=OPEN.model_dump())
    attribute("team", access=OPEN.model_dump())
    question("city", required=True)
    question("team")

    assert pending(app.post("auth/login", KNOWN)) == ["questions"]
    put = app.get("auth/questions").json()["data"]["question"]
    assert (put["key"], put["title"], put["required"]) == ("city", "What about city?", True)
    assert put["attributes"][0]["name"] == "city"
    assert app.get("auth/session").status_code == 401

    faults = [
        app.post("auth/questions", said)
        for said in (
            {"key": "city", "act": "skip"},
            {"key": "nobody", "act": "skip"},
            {"key": "city", "act": "dance"},
            {"key": "city"},
            {"key": "city", "act": "confirm"},
        )
    ]
    assert [errors(one) for one in faults] == [
        [("question_required", "")],
        [("question_not_found", "")],
        [("invalid_choice", "act")],
        [("", "city")],
        [("guess_changed", "")],
    ]
    second = app.post("auth/questions", {"key": "city", "values": {"city": "Lyon"}})
    done = second
    if second.status_code == 200 and "question" in second.json()["data"]:
        done = app.post("auth/questions", {"key": "team", "act": "later"})
    assert done.json()["data"]["user"]["email"] == "ada@nordlake.example"
    assert effective(ada.user, city) == "Lyon"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"nonsense", b"\xff", b'{"email": 1}', b'{"answers": 3}']
)
def test_whatever_is_sent_is_refused_with_a_sentence(app: App, body: bytes) -> None:
    for path in ("auth/login", "auth/signup", "auth/code/request"):
        refused = app.post(path, body)
        assert refused.status_code == 400
        assert all(one["message"] for one in refused.json()["errors"])


def test_questions_and_factors_are_only_of_who_is_at_them(app: App) -> None:
    assert app.get("auth/questions").status_code == 401
    assert app.get("auth/factor").status_code == 401


def test_a_browser_s_pages_of_a_trusted_origin_may_call(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    said = settings.BURNISH.headless.model_copy(update={"origins": ("https://app.example",)})
    monkeypatch.setattr(settings, "BURNISH", settings.BURNISH.model_copy(update={"headless": said}))
    config = "/_allauth/browser/v1/config"

    asked = client.options(
        config,
        headers={"Origin": "https://app.example", "Access-Control-Request-Method": "POST"},
    )
    ours = client.get(config, headers={"Origin": "https://app.example"})
    others = client.get(config, headers={"Origin": "https://evil.example"})

    assert asked.status_code == 204
    assert "X-Session-Token" in asked["Access-Control-Allow-Headers"]
    assert ours["Access-Control-Allow-Origin"] == "https://app.example"
    assert ours["Access-Control-Allow-Credentials"] == "true"
    assert "Access-Control-Allow-Origin" not in others
    assert "Origin" in others["Vary"]
    assert ours.json()["data"]["account"]["login_by_code_enabled"] is True


def test_attempts_are_limited(app: App, ada: Ada) -> None:
    wrong = {**KNOWN, "password": "wrong horse battery"}

    codes = [errors(app.post("auth/login", wrong))[0][0] for _ in range(6)]

    assert codes[0] == "email_password_mismatch"
    assert codes[-1] == "too_many_login_attempts"


def test_the_description_is_served(client: Client) -> None:
    described = client.get("/_allauth/openapi.json").json()

    assert "/_allauth/{client}/v1/auth/login" in described["paths"]
    assert client.get("/_allauth/openapi.html").status_code == 404
