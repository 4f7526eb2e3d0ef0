"""`/health/`: whether this process can answer people, for load balancers and process managers."""

import time
from collections.abc import Callable
from threading import Lock

import psycopg
from django.db import connection
from django.http import HttpRequest, HttpResponse

PATH = "/health/"
CONNECT_SECONDS = 2
"""How long the database gets to let us in; libpq takes no less."""
KEPT_SECONDS = 1.0
"""For how long one look at the database answers all probes."""

_lock = Lock()
_looked: tuple[float, bool] = (0.0, False)


class Health:
    """Answer probes before anything else: they come by address, whatever names the service has."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 200 while the database can be reached, and 503 while it cannot."""
        if request.path != PATH:
            return self.get_response(request)
        if database_answers():
            return HttpResponse("ok", content_type="text/plain")
        return HttpResponse("the database cannot be reached", "text/plain", status=503)


def database_answers() -> bool:
    """Say whether a new connection to the database can be made, as of a second ago at most."""
    global _looked
    with _lock:
        at, answered = _looked
        if time.monotonic() - at > KEPT_SECONDS:
            answered = _look()
            _looked = time.monotonic(), answered
        return answered


def _look() -> bool:
    known = {"dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "options"}
    asked = {k: v for k, v in connection.get_connection_params().items() if k in known}
    try:
        with psycopg.connect(
            **asked, connect_timeout=CONNECT_SECONDS, tcp_user_timeout=CONNECT_SECONDS * 1000
        ) as looking:
            looking.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True
