"""One look at the configuration for each page people see."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from burnish_server import kept
from burnish_server.identity.languages import DOORS


class OneLook:
    """Has a page of people's go by one state of the configuration, which is one statement.

    Administrators and programs change it, and see at once what they have changed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through."""
        if request.path.startswith(DOORS):
            return self.get_response(request)
        with kept.one_look():
            return self.get_response(request)
