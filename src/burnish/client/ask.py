"""A request as a value: made by pure functions, sent by either face, and sent again where safe."""

from collections.abc import AsyncIterable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx

ROOT = "/api/v1"
MERGE_PATCH = "application/merge-patch+json"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `repeatable` says whether it may be sent twice and is done once all the same."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, Any] = field(default_factory=dict)
    json: Any = None
    content: Iterable[bytes] | AsyncIterable[bytes] | None = None
    repeatable: bool = True

    def request(self, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """Return it as httpx sends it."""
        content = {"json": self.json} if self.json is not None else {"content": self.content}
        return client.build_request(
            self.method, self.url, headers=self.headers, params=self.query or None, **content
        )


def path(*parts: object) -> str:
    """Return an address of the API, each part escaped."""
    return "/".join((ROOT, *(quote(str(part), safe="") for part in parts)))


def read(url: str, token: str, /, **query: Any) -> Ask:
    """Return a request that changes nothing. What is None is not asked for."""
    return Ask("GET", url, _headers(token), _query(query))


def change(method: str, url: str, token: str, json: Any = None, etag: str | None = None) -> Ask:
    """Return a request that changes something, under a name of its own (Idempotency-Key).

    With `etag` it is refused where that is not the state any more.
    """
    headers = {**_headers(token), "Idempotency-Key": str(uuid4())}
    if method == "PATCH":
        headers["Content-Type"] = MERGE_PATCH
    if etag is not None:
        headers["If-Match"] = etag
    return Ask(method, url, headers, json=json)


def in_person(ask: Ask) -> Ask:
    """Return a request made for a person, who has no Idempotency-Key: it is sent once."""
    headers = {name: text for name, text in ask.headers.items() if name != "Idempotency-Key"}
    return replace(ask, headers=headers, repeatable=ask.method == "GET")


def stated(**members: Any) -> dict[str, Any]:
    """Return the members of a body that are said."""
    return {name: _plain(value) for name, value in members.items() if value is not None}


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept": "application/json, */*;q=0.5"}


def _query(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asked.items() if value is not None}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
