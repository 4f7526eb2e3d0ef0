"""Everything that goes wrong at the API, as HTTP: problem details (RFC 9457), each with a `code`.

What a room raises becomes a problem here and nowhere else; `Problems` sees to what never reached
a room, such as an address that leads nowhere.
"""

import json
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from burnish.attributes.access import AccessControlViolated
from burnish.attributes.faults import Fault, InvalidValues
from burnish.errors import BurnishError, RuntimeUnavailable
from burnish_server.api_keys.store import NameTaken, UnfitKey
from burnish_server.identity.authority import (
    UserIsAdministrator,
    UserIsAnonymized,
    UserNotFound,
)
from burnish_server.profiles.store import Conflict
from burnish_server.roles.edit import KeyTaken, UnfitRole
from burnish_server.roles.tie import UnknownKeys

ROOT = "/api/"
MEDIA_TYPE = "application/problem+json"

_STATUSES: dict[type[BurnishError], int] = {
    AccessControlViolated: 403,
    UserIsAdministrator: 403,
    UserNotFound: 404,
    UserIsAnonymized: 409,
    InvalidValues: 422,
    RuntimeUnavailable: 503,
    Conflict: 409,
    KeyTaken: 409,
    NameTaken: 409,
    UnfitKey: 422,
    UnfitRole: 422,
    UnknownKeys: 422,
}

_USUAL = {
    400: ("bad_request", "The request cannot be read."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not know this method."),
    413: ("too_large", "The request is too large."),
    500: ("internal_error", "Something went wrong here; the log of the service says more."),
}


class Problem(Exception):
    """The request cannot be served: a status, a stable code, and a sentence for its author.

    `faults` says what is wrong where; a path is a JSON pointer into what was sent.
    """

    def __init__(
        self, status: int, code: str, detail: str, faults: Sequence[Fault] = (), **headers: str
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.faults = tuple(faults)
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def as_response(problem: Problem) -> HttpResponse:
    """Return a problem as it is answered."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": str(problem),
        "code": problem.code,
    }
    if problem.faults:
        body["errors"] = [{"pointer": one.path, "detail": one.message} for one in problem.faults]
    return HttpResponse(
        json.dumps(body, ensure_ascii=False),
        content_type=MEDIA_TYPE,
        status=problem.status,
        headers=problem.headers,
    )


def unauthorized(detail: str) -> Problem:
    """Return the problem that nobody knows who asks."""
    return Problem(401, "unauthorized", detail, WWW_Authenticate="Bearer")


def of(error: Exception) -> Problem:
    """Return what an error is to the one who asked. Raises it again where it is a fault of ours."""
    match error:
        case Problem():
            return error
        case AuthenticationError():
            return unauthorized("Send an API key: Authorization: Bearer bk_...")
        case HttpError():
            # What our parser raised, as ninja wraps it.
            cause = error.__cause__
            return cause if isinstance(cause, Problem) else _usual(error.status_code)
        case ValidationError():
            return _invalid([_fault(item) for item in error.errors])
        case RequestDataTooBig():
            return _usual(413)
        case InvalidValues():
            return _invalid(error.faults)
        case BurnishError():
            for kind, status in _STATUSES.items():
                if isinstance(error, kind):
                    return Problem(status, error.code, str(error))
    raise error


def install(api: NinjaAPI) -> None:
    """Have all errors of an API answered as problems."""
    for kind in (Problem, HttpError, ValidationError, RequestDataTooBig, BurnishError):
        api.add_exception_handler(kind, _answered)


class Problems:
    """Answers below `/api/` what Django answers by itself as problems too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through, and put what is no problem yet into words."""
        answer = self.get_response(request)
        if (
            answer.status_code < 400
            or not request.path.startswith(ROOT)
            or answer.headers.get("Content-Type", "").startswith(MEDIA_TYPE)
        ):
            return answer
        problem = as_response(_usual(answer.status_code))
        for name in ("Allow", "Retry-After"):
            if name in answer.headers:
                problem.headers[name] = answer.headers[name]
        return problem


def _answered(request: HttpRequest, error: Any) -> HttpResponse:
    return as_response(of(error))


def _usual(status: int) -> Problem:
    phrase = HTTPStatus(status).phrase
    code, detail = _USUAL.get(status, (phrase.lower().replace(" ", "_"), f"{phrase}."))
    return Problem(status, code, detail)


def _invalid(faults: Sequence[Fault]) -> Problem:
    words = "; ".join(f"{one.path.strip('/') or 'the body'}: {one.message}" for one in faults[:5])
    return Problem(422, "invalid_request", f"This cannot be done as it was asked: {words}.", faults)


def _fault(item: dict[str, Any]) -> Fault:
    # The place begins with where it stood (body, query) and, in a body, its name in our code.
    place = item["loc"][2:] if item["loc"][0] == "body" else item["loc"][1:]
    message = "unknown name" if item["type"] == "extra_forbidden" else item["msg"]
    return Fault("/" + "/".join(map(str, place)), message.removeprefix("Value error, "))


RESPONSES = {
    f"{range_}XX": {
        "description": "A problem",
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status", "detail", "code"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                        "code": {"type": "string"},
                        "errors": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "properties": {
                                    "pointer": {"type": "string"},
                                    "detail": {"type": "string"},
                                },
                            },
                        },
                    },
                }
            }
        },
    }
    for range_ in (4, 5)
}
"""What the OpenAPI description says of problems."""
