"""One call of the API by a program: whose it is, and what is known of it so far."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from burnish_server.api.rate import Budget
from burnish_server.api_keys.models import Answer, ApiKey


class Settled(Exception):
    """The answer is known already, and nothing else is to be done: it is in `response`."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.status_code)
        self.response = response


@dataclass(slots=True)
class Call:
    """What is known of a call: `recorded` says whether the audit log has it by now."""

    key: ApiKey
    budget: Budget
    recorded: bool = False
    answer: Answer | None = None
    """Where the answer is kept, if the request named itself with an Idempotency-Key."""
    shown_once: bool = False
    """Whether the answer holds what nobody may see again, so that it is kept nowhere."""


def begin(request: HttpRequest, call: Call) -> None:
    """Keep a call with its request."""
    request.burnish_call = call  # type: ignore[attr-defined]


def of(request: HttpRequest) -> Call | None:
    """Return the call a request is; None where no program asks."""
    return getattr(request, "burnish_call", None)
