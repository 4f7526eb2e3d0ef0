"""Answers that take evenly long, so that their time does not tell whether there is an account.

Where an account's existence decides what is done, both branches do the same work as far as that
can be. What is left of a difference disappears in a floor: the answer waits until a fixed time
after the request began, or after that until the next step of a fixed grid. Nothing is random, so
repeating a request and averaging does not help.
"""

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.core import context
from django.db import connection
from django.http import HttpRequest, HttpResponse

FLOOR = 0.1
"""Seconds that an evened answer takes at least."""

STEP = 0.05
"""Seconds between the times at which an evened answer may leave after the floor."""

_MARK = "_burnish_even"


def even(request: HttpRequest) -> None:
    """Mark a request whose answer is to take evenly long."""
    setattr(request, _MARK, True)


def install() -> None:
    """Even answers to whoever asks for a link to a new password, on the page and by JSON."""
    clean = ResetPasswordForm.clean_email

    @wraps(clean)
    def evened(form: Any) -> str:
        even(context.request)
        return str(clean(form))

    ResetPasswordForm.clean_email = evened


def remaining(taken: float) -> float:
    """Return the seconds an answer still waits that took `taken` seconds so far."""
    return max(FLOOR, math.ceil(taken / STEP) * STEP) - taken


class EvenAnswers:
    """Keeps answers back that are to take evenly long, once all work for them is done.

    It stands outside of what saves the session. No connection is held meanwhile.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next middleware."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let every request through."""
        began = time.monotonic()
        response = self._get_response(request)
        if hasattr(request, _MARK):
            if not connection.in_atomic_block:
                connection.close()
            time.sleep(remaining(time.monotonic() - began))
        return response
