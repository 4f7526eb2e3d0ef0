"""One log line a request."""

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from burnish_server.project.logging import HIDDEN

log = structlog.get_logger("burnish.web")
QUIET = ("/static/", "/health/")

OPENING = {
    "account_reset_password_from_key": "key",
    "admin_users_export_file": "signed",
    "enrichment_callback": "token",
}
"""Which part of an address opens something to whoever has it, by the address's name."""


class RequestLog:
    """Log method, path, status and duration. Never the query string: keys travel in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Time the request and log it; static files and health checks only when they fail."""
        started = time.perf_counter()
        response = self.get_response(request)
        failed = response.status_code >= 500
        if failed and (error := vars(request).get(_RAISED)):
            _log_failure(request, error)
        if response.status_code >= 400 or not request.path.startswith(QUIET):
            log.log(
                30 if failed else 20,
                "request",
                method=request.method,
                path=place(request),
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Keep what a view raised: it failed only if nobody makes a calm answer of it."""
        vars(request)[_RAISED] = exception


_RAISED = "burnish_raised"


def _log_failure(request: HttpRequest, error: Exception) -> None:
    """Log a view that failed, with the place in the code but without local values."""
    log.error(
        "request failed",
        method=request.method,
        path=place(request),
        error=type(error).__name__,
        exc_info=error,
    )


def place(request: HttpRequest) -> str:
    """Return the path of a request as it may be written down."""
    match = request.resolver_match
    secret = match.kwargs[OPENING[match.url_name]] if match and match.url_name in OPENING else ""
    return request.path.replace(secret, HIDDEN) if secret else request.path
