"""Answers that take evenly long, so that their time does not tell whether there is an account.

Where an account's existence decides what is done, both branches do the same work as far as that
can be. What is left of a difference disappears in a floor: the answer waits until a fixed time
after the request began, or after that until the next step of a fixed grid. Nothing is random, so
repeating a request and averaging does not help.
"""

import math
import time
from functools import wraps
from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.core import context
from django.db import connection
from django.http import HttpRequest

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


def wait(request: HttpRequest, began: float) -> None:
    """Wait with an answer that is to take evenly long; no connection is held meanwhile.

    `began` is when its request began, by `time.monotonic`.
    """
    if hasattr(request, _MARK):
        if not connection.in_atomic_block:
            connection.close()
        time.sleep(remaining(time.monotonic() - began))
