"""Whoever asks for too many codes is told to wait, on whichever page that turns out."""

from collections.abc import Callable

from allauth.core.exceptions import RateLimited
from allauth.core.ratelimit import respond_429
from django.http import HttpRequest, HttpResponse


class Patience:
    """Answers 429 where allauth's flows only raise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand before the pages."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let every request through."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Show the page that says so, or answer in JSON where that was asked for."""
        if not isinstance(error, RateLimited):
            return None
        response: HttpResponse = respond_429(request)
        return response
