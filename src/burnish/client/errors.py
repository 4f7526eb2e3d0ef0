"""What the client raises: what the service refused, by its status, and answers that never came.

ClientError                 client_error
├── NoAnswer                no_answer
├── UnreadableAnswer        unreadable_answer
└── Refused                 the `code` of the problem the service answered with
    ├── Invalid             400, 413, 415, 422
    ├── Unauthorized        401
    ├── Forbidden           403
    ├── NotFound            404
    ├── Conflict            409
    ├── Changed             412, 428
    ├── TooManyRequests     429
    └── Unavailable         5xx
"""

from dataclasses import dataclass
from typing import Any

import httpx

from burnish.errors import BurnishError


class ClientError(BurnishError):
    """The service was not asked, or did not do what it was asked to do."""

    code = "client_error"


class NoAnswer(ClientError):
    """The service did not answer in time, or could not be reached."""

    code = "no_answer"


class UnreadableAnswer(ClientError):
    """What answered is not the service this client was made for; check its address."""

    code = "unreadable_answer"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where: `pointer` is a JSON pointer into what was sent."""

    pointer: str
    detail: str


class Refused(ClientError):
    """The service refused. `code` stays the same from version to version; the sentence may not.

    `status` is HTTP's, `faults` point at what is wrong in the request, `retry_after` is in how many
    seconds it may be sent again, where the service says so.
    """

    def __init__(self, response: httpx.Response) -> None:
        """Read a problem (RFC 9457), or an error of OAuth 2.0 (RFC 6750, 3)."""
        body = _body(response)
        super().__init__(body.get("detail") or body.get("error_description") or _phrase(response))
        self.status = response.status_code
        self.code = str(body.get("code") or body.get("error") or "http_error")  # type: ignore[misc] # the service's own word
        self.faults = tuple(
            Fault(str(one.get("pointer", "")), str(one.get("detail", "")))
            for one in body.get("errors", ())
        )
        self.retry_after = retry_after(response)


class Invalid(Refused):
    """What was sent cannot be read, or makes no sense; `faults` say where."""


class Unauthorized(Refused):
    """The key or the access token is not known, was revoked or has expired."""


class Forbidden(Refused):
    """The key lacks a scope, a hook said no, or nobody may do this."""


class NotFound(Refused):
    """There is no such thing, or it is gone."""


class Conflict(Refused):
    """What is there already stands in the way."""


class Changed(Refused):
    """Somebody else was faster: read it again, and send the new ETag."""


class TooManyRequests(Refused):
    """The key asks too often; `retry_after` says how long to wait."""


class Unavailable(Refused):
    """The service could not do it this time."""


_KINDS: dict[int, type[Refused]] = {
    **dict.fromkeys((400, 413, 415, 422), Invalid),
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    **dict.fromkeys((412, 428), Changed),
    429: TooManyRequests,
}


def refusal(response: httpx.Response) -> Refused:
    """Return the error an answer with a status from 400 on is; its body has been read."""
    unavailable = response.status_code >= 500
    return _KINDS.get(response.status_code, Unavailable if unavailable else Refused)(response)


def retry_after(response: httpx.Response) -> float | None:
    """Return the seconds of `Retry-After`, or None where the answer has none."""
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isdecimal() else None


def _body(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _phrase(response: httpx.Response) -> str:
    return f"The service answered {response.status_code} {response.reason_phrase}".strip() + "."
