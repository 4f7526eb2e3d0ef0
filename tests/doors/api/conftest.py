"""What the API's tests share: a program with a key, and providers whose vendors are stand-ins."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.server.conftest import attribute
from tests.server.enrichment.conftest import ACTOR, provider, rewritten, stand_ins, waterfall

from burnish_server import engine
from burnish_server.api_keys import store
from burnish_server.api_keys.models import ApiKey
from burnish_server.api_keys.scope import USERS_ENRICH

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
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        return self._answer(
            self.client.post(
                path,
                data,
                content_type="application/json",
                headers=self.headers,
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
        return store.create(name, scopes or [USERS_ENRICH], ACTOR)

    return make


@pytest.fixture
def program(key: Callable[..., tuple[ApiKey, str]]) -> Program:
    """A program that may enrich users."""
    return Program(key()[1])
