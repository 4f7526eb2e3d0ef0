"""What the API's tests share: a program with a key, and providers whose vendors are stand-ins."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from allauth.account.models import EmailAddress
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.server.conftest import attribute
from tests.server.enrichment.conftest import ACTOR, provider, rewritten, stand_ins, waterfall

from burnish.profiles.fact import Fact
from burnish_server import engine
from burnish_server.api_keys import store as keys
from burnish_server.api_keys.models import ApiKey
from burnish_server.api_keys.scope import SCOPES, USERS_ENRICH
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute

__all__ = ["attribute", "provider", "rewritten", "stand_ins", "waterfall"]


class Answer(NamedTuple):
    """What the API answered."""

    status: int
    body: Any
    response: HttpResponse

    @property
    def problem(self) -> tuple[int, str, str]:
        """Status, code and sentence, of an answer that is a whole problem."""
        assert self.response["Content-Type"] == "application/problem+json"
        assert {"type", "title", "status", "detail", "code"} <= self.body.keys()
        assert self.body["status"] == self.status
        return self.status, self.body["code"], self.body["detail"]


class Program:
    """Calls the API with a key, from an address of its own."""

    def __init__(self, key: str | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {key}"} if key is not None else {}

    def get(self, path: str, **query: Any) -> Answer:
        return self._answer(self.client.get(path, query, headers=self.headers))

    def post(self, path: str, body: Any = None) -> Answer:
        """Post a body: JSON of it, or the very bytes."""
        return self.send("POST", path, body)

    def put(self, path: str, body: Any = None, match: str | None = None) -> Answer:
        return self.send("PUT", path, body, match=match)

    def patch(self, path: str, body: Any = None, match: str | None = None) -> Answer:
        kind = "application/merge-patch+json"
        return self.send("PATCH", path, body, match=match, content_type=kind)

    def delete(self, path: str) -> Answer:
        return self.send("DELETE", path)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        match: str | None = None,
        content_type: str = "application/json",
    ) -> Answer:
        """Send a body: JSON of it, or the very bytes; `match` is the tag for If-Match."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        return self._answer(
            self.client.generic(
                method,
                path,
                data,
                content_type=content_type,
                headers=self.headers | ({"If-Match": match} if match else {}),
                REMOTE_ADDR="203.0.113.7",
            )
        )

    def _answer(self, response: HttpResponse) -> Answer:
        body = json.loads(response.content) if response.content else None
        return Answer(response.status_code, body, response)


@pytest.fixture(scope="session", autouse=True)
def _engine() -> Iterator[None]:
    yield
    engine.close()


@pytest.fixture
def key(db: None) -> Callable[..., tuple[ApiKey, str]]:
    """Make a key: `row, text = key("crm")`."""

    def make(name: str = "crm-sync", *scopes: str) -> tuple[ApiKey, str]:
        return keys.create(name, scopes or [USERS_ENRICH], ACTOR)

    return make


@pytest.fixture
def admin(key: Callable[..., tuple[ApiKey, str]]) -> Program:
    """A program that may do everything."""
    return Program(key("everything", *SCOPES)[1])


@pytest.fixture
def define(db: None) -> Callable[..., CustomAttribute]:
    """Define custom attributes: `define("city")`."""

    def make(name: str, type: str = "string", **options: Any) -> CustomAttribute:
        return CustomAttribute.objects.create(pointer=f"/{name}", type=type, **options)

    return make


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make users who sign in with an address that is verified: `person("ada")`."""

    def make(name: str = "ada", **values: Any) -> User:
        email = f"{name}@nordlake.example"
        user = User.objects.create(email=email, **values)
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        say(user, email=email)
        return user

    return make


def say(user: User, source: str = "user", /, **values: Any) -> None:
    """Have a source say something of a user: `say(ada, "provider:acme", city="Lyon")`."""
    at, schema = timezone.now(), store.schema()
    facts = [Fact(*(schema.find(name) or ()), value, source, at) for name, value in values.items()]
    store.say(user.pk, facts, at, schema)


@pytest.fixture
def program(key: Callable[..., tuple[ApiKey, str]]) -> Program:
    """A program that may enrich users."""
    return Program(key()[1])
