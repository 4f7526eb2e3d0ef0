"""The last of the middlewares: tells people to wait, and has some answers take evenly long."""

import time
from collections.abc import Callable

from allauth.core.exceptions import RateLimited
from allauth.core.ratelimit import respond_429
from django.http import HttpRequest, HttpResponse

from burnish_server.identity import even_answers


class Patience:
    """Answers 429 where allauth's flows only raise, and waits with evened answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand before the pages."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let every request through, and keep back answers that are to take evenly long."""
        began = time.monotonic()
        response = self._get_response(request)
        even_answers.wait(request, began)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Show the page that says so, or answer in JSON where that was asked for."""
        if not isinstance(error, RateLimited):
            return None
        response: HttpResponse = respond_429(request)
        return response
