"""What a stand-in vendor is: one file with one `Vendor`.

Faults are asked for by API key, and are the same at every vendor:

- `slow-2000` answers after 2000 milliseconds (any number),
- `error-500` answers with that status (any from 500 to 599),
- `invalid` is no key: the vendor's own refusal,
- `credits` is a key that has no credits left,
- `limit-429` says that the key's limit is used up,
- `rate-5` says so whenever more than 5 requests (any number) came within one second,
- `pending-2` answers the same question with "not yet" twice (any number), then well,
- `webhook` answers with "not yet", and sends the answer to the address it was given,
- `garbage` answers 200 with something that is not JSON,
- `drift` answers 200 with values of other types than the vendor's,
- `long` answers 200 with texts of 1 MB each,
- `huge` answers 200 with 100 MB,
- `bomb` answers 200 with little that unpacks to 100 MB,
- `half` closes the connection half-way through the answer,
- `redirect` sends the caller to an address inside the cloud it may run in,
- `hang` never answers; it ends when the caller gives up.

A vendor that knows no "not yet" answers `pending-2` and `webhook` at once.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from aiohttp import web

Problem: TypeAlias = Callable[[web.Request, int], web.Response]
"""Writes a vendor's own error body for a status."""


@dataclass(frozen=True, slots=True)
class Callback:
    """What a vendor sends to an address it was given: the body, as JSON, and its headers."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vendor:
    """One stand-in: whose place it takes, what it answers, where it reads the API key.

    `origins` are the real origins (scheme and host) whose calls come here instead.
    `key` finds the API key in a request and returns an empty string when there is none.
    `invalid`, `credits` and `limit` are the statuses by which this vendor refuses a wrong key, a
    key without credits and too many requests.
    `pending` writes its "not yet"; `callback` turns the answer to a request into what is sent to
    the address in that request, or into None where it holds none.
    """

    name: str
    origins: tuple[str, ...]
    routes: tuple[web.RouteDef, ...]
    key: Callable[[web.Request], str]
    problem: Problem
    invalid: int = 401
    credits: int = 402
    limit: int = 429
    pending: Callable[[web.Request], web.Response] | None = None
    callback: Callable[[web.Request, bytes], Awaitable[Callback | None]] | None = None
