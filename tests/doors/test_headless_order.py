"""Calls of the sign-in API out of order, or with bodies nobody would send, are calmly refused."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.cache import cache
from django.test import Client
from tests.doors.addresses import routes
from tests.doors.oidc.conftest import BACKEND

from burnish_server import engine
from burnish_server.identity.flows import administrator
from burnish_server.identity.models import Limit, User

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS, PASSWORD = "ada@nordlake.example", "correct horse battery"
CREDENTIAL: dict[str, Any] = {
    "id": "AAAA",
    "rawId": "AAAA",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "attestationObject": "o2M", "authenticatorData": "AA"},
}
BODIES: list[Any] = [
    None,
    {},
    [],
    "text",
    7,
    {"credential": {}, "code": "", "key": "", "email": "", "phone": "", "password": ""},
    {"credential": CREDENTIAL, "name": "n", "code": "123456", "key": "1:2:3", "answers": []},
    {"credential": "x", "code": 1, "key": None, "email": [], "phone": {}, "answers": {"a": {}}},
    {"email": ADDRESS, "password": "another horse battery", "username": "ada", "code": "123456"},
    {"sessions": [1, "x"], "authenticators": [{}], "id": "x", "provider": "x", "account": {}},
    {"current_password": "x", "new_password": "yyyyyyyyyy", "trust": "x", "about": 1},
    {"provider": "google", "process": "login", "token": {"client_id": "x", "id_token": "x"}},
]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
API = "/_allauth/{client}/v1/{path}"


@pytest.fixture(scope="module", autouse=True)
def _engine() -> Iterator[None]:
    yield
    engine.close()


class Caller:
    """A program or a page that calls as the API's client of a kind does."""

    def __init__(self, kind: str) -> None:
        self.kind, self.token = kind, ""
        self.client = Client(raise_request_exception=False)

    def call(self, method: str, path: str, body: Any = None) -> int:
        """Call, and return the status."""
        headers = {"X-Session-Token": self.token} if self.token else {}
        content = b"" if body is None else json.dumps(body).encode()
        address = API.format(client=self.kind, path=path)
        answer = self.client.generic(method, address, content, "application/json", headers=headers)
        if self.kind == "app" and answer["Content-Type"].startswith("application/json"):
            meta = answer.json().get("meta") or {}
            self.token = meta.get("session_token", self.token)
        return int(answer.status_code)


def stranger(caller: Caller) -> None:
    """Come with nothing."""


def at_signup_by_passkey(caller: Caller) -> None:
    """Have begun to sign up with a passkey."""
    caller.call("POST", "auth/webauthn/signup", {"email": "new@nordlake.example"})


def at_verification(caller: Caller) -> None:
    """Have signed up, and not confirmed the address."""
    said = {"email": "bo@nordlake.example", "password": PASSWORD}
    caller.call("POST", "auth/signup", said)


def at_code(caller: Caller) -> None:
    """Have asked for a code."""
    caller.call("POST", "auth/code/request", {"email": ADDRESS})


def at_code_of_nobody(caller: Caller) -> None:
    """Have asked for a code with an address that has no account."""
    caller.call("POST", "auth/code/request", {"email": "nobody@nordlake.example"})


def at_second_step(caller: Caller) -> None:
    """Have given the password of somebody with an authenticator app."""
    TOTP.activate(User.objects.get(email=ADDRESS), "GEZDGNBVGY3TQOJQ")
    caller.call("POST", "auth/login", {"email": ADDRESS, "password": PASSWORD})


def inside(caller: Caller) -> None:
    """Have signed in."""
    if caller.kind == "browser":
        caller.client.force_login(User.objects.get(email=ADDRESS), backend=BACKEND)
    else:
        caller.call("POST", "auth/login", {"email": ADDRESS, "password": PASSWORD})


STATES = [
    stranger,
    at_signup_by_passkey,
    at_verification,
    at_code,
    at_code_of_nobody,
    at_second_step,
    inside,
]


def code_of(text: str) -> str:
    """Return the code in a mail."""
    found = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]+)\s*$", text, re.MULTILINE)
    assert found
    return found[1]


def paths(kind: str) -> list[str]:
    """Return the operations of a kind of client, the end of a session last."""
    before = f"_allauth/{kind}/v1/"
    found = {route.removeprefix(before) for route in routes() if route.startswith(before)}
    return sorted(found, key=lambda path: (path in ("auth/session", "auth/sessions"), path))


@pytest.mark.parametrize(
    ("kind", "begin"),
    [*(("app", state) for state in STATES), ("browser", stranger), ("browser", inside)],
)
def test_no_call_is_a_fault_of_ours(kind: str, begin: Callable[[Caller], None]) -> None:
    administrator.create(ADDRESS, PASSWORD)
    cache.clear()
    caller = Caller(kind)
    begin(caller)
    faults = []

    # Each operation gets a third of the bodies in each state: what it misses, its neighbours get.
    for place, path in enumerate(paths(kind), STATES.index(begin)):
        for turn, method in enumerate(METHODS, place):
            for body in BODIES[turn % 3 :: 3]:
                Limit.objects.all().delete()
                status = caller.call(method, path, body)
                if status >= 500:
                    faults.append(f"{method} {path} {json.dumps(body)[:80]}: {status}")

    assert len(paths(kind)) > 25
    assert faults == []


@pytest.mark.parametrize("kind", ["app", "browser"])
@pytest.mark.parametrize("begin", [stranger, at_code, at_code_of_nobody, at_verification])
def test_a_passkey_of_who_has_not_begun_to_sign_up_is_out_of_turn(
    kind: str, begin: Callable[[Caller], None]
) -> None:
    administrator.create(ADDRESS, PASSWORD)
    caller = Caller(kind)
    begin(caller)

    for method in ("GET", "PUT"):
        body = {"name": "", "credential": CREDENTIAL}
        assert caller.call(method, "auth/webauthn/signup", body) == 409


def test_a_new_passkey_that_cannot_be_read_is_a_fault_of_the_form() -> None:
    administrator.create(ADDRESS, PASSWORD)
    owner, newcomer = Caller("app"), Caller("app")
    inside(owner)
    owner.call("POST", "auth/reauthenticate", {"password": PASSWORD})
    at_signup_by_passkey(newcomer)
    newcomer.call("POST", "auth/email/verify", {"key": code_of(mail.outbox[-1].body)})

    for caller, method, path in (
        (owner, "POST", "account/authenticators/webauthn"),
        (newcomer, "PUT", "auth/webauthn/signup"),
    ):
        for credential in (CREDENTIAL, {**CREDENTIAL, "response": 7}, {}, [], "x", None):
            assert caller.call(method, path, {"name": "n", "credential": credential}) == 400


@pytest.mark.parametrize("credential", ["1" * 5000, "[" * 100_000, "1e999", "NaN"])
@pytest.mark.parametrize("kind", ["app", "browser"])
def test_a_passkey_that_python_does_not_read_is_none(kind: str, credential: str) -> None:
    caller = Caller(kind)

    assert caller.call("POST", "auth/webauthn/login", {"credential": credential}) < 500
    page = Client(raise_request_exception=False)
    assert page.post("/2fa/webauthn/login/", {"credential": credential[:1000]}).status_code < 500
