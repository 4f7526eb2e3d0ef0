"""What the GraphQL tests share: a program with a key of its own, and users to ask about."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import jwt
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.server.conftest import attribute, hook

from burnish_server import engine
from burnish_server.admin_keys import store
from burnish_server.api import rate
from burnish_server.audit.log import Actor
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import signup
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles
from burnish_server.roles import edit, models

__all__ = ["attribute", "hook"]

AUTHGEARS = "/_api/admin/graphql"

ACTOR = Actor.at_command_line()


class Answer(NamedTuple):
    """What came back."""

    status: int
    data: Any
    errors: list[Any]
    response: HttpResponse

    @property
    def refusal(self) -> tuple[str, str]:
        """Name and reason of the only error."""
        assert self.status == 200
        [error] = self.errors
        return error["extensions"]["errorName"], error["extensions"]["reason"]


class Script:
    """A program that signs its own tokens, as scripts for Authgear do."""

    def __init__(self, key_id: str, pem: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.key_id = key_id
        self.pem = pem
        self.claims: dict[str, Any] = {}

    def token(self, headers: Any = None, **claims: Any) -> str:
        """Return a token as Authgear's guide makes it; None leaves a claim out."""
        now = timezone.now()
        told = {"aud": "burnish", "iat": now, "exp": now + timedelta(minutes=5), **self.claims}
        said = {name: value for name, value in {**told, **claims}.items() if value is not None}
        return jwt.encode(said, self.pem, "RS256", headers={"kid": self.key_id, **(headers or {})})

    def __call__(self, query: str, token: str | None = None, **variables: Any) -> Answer:
        """Ask, by the address Authgear has."""
        return self.post({"query": query, "variables": variables}, token)

    def post(
        self, body: Any, token: str | None = None, path: str = "/_api/admin/graphql"
    ) -> Answer:
        """Post a body: JSON of it, or the very bytes."""
        data = body if isinstance(body, bytes) else json.dumps(body)
        response = self.client.post(
            path,
            data,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token or self.token()}"},
        )
        return read(response)

    def change(self, mutation: str, payload: str, input: dict[str, Any]) -> Answer:
        """Make one mutation, with the input as a variable of its own type."""
        name = mutation[0].upper() + mutation[1:]
        query = f"mutation M($input: {name}Input!) {{ {mutation}(input: $input) {{ {payload} }} }}"
        return self(query, input=input)


def read(response: HttpResponse) -> Answer:
    """Return a response as an answer; none may be a fault of the server's."""
    assert response.status_code < 500
    is_json = response.headers["Content-Type"] == "application/json"
    body = json.loads(response.content) if is_json else {}
    return Answer(response.status_code, body.get("data"), body.get("errors", []), response)


def global_id(type: str, raw: object) -> str:
    """Return an id as Authgear has it."""
    return urlsafe_b64encode(f"{type}:{raw}".encode()).decode().rstrip("=")


@pytest.fixture(scope="session", autouse=True)
def _engine() -> Iterator[None]:
    yield
    engine.close()


@pytest.fixture(autouse=True)
def _nobody_asks_too_often() -> None:
    rate.counter.clear()


@pytest.fixture
def script(db: None) -> Script:
    """A program that may do everything."""
    key, pem = store.create("sync", ACTOR)
    return Script(key.key_id, pem)


@pytest.fixture
def user(db: None) -> Callable[..., User]:
    """Make users: `user("ada@nordlake.example")`."""

    def make(email: str = "ada@nordlake.example", **more: Any) -> User:
        around, schema = Circumstances("system"), profiles.schema()
        who = signup.candidate(email, more.pop("password", None), **more)
        outcome = signup.ask(who, around, schema)
        return signup.create(who, outcome, around, schema)  # type: ignore[arg-type]

    return make


@pytest.fixture
def catalogue(db: None) -> None:
    """The roles admin, editor and viewer, and the groups staff and press."""
    for key in ("admin", "editor", "viewer"):
        edit.create(models.Role, key, key.title(), "", ACTOR)
    for key in ("press", "staff"):
        edit.create(models.Group, key, "", "", ACTOR)
