"""The Content-Security-Policy header."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PAGES = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# The portal's theme evaluates expressions in the page (Alpine) and its editor starts a worker.
PORTAL = f"{PAGES}; script-src 'self' 'unsafe-inline' 'unsafe-eval'; worker-src 'self' blob:"


class ContentSecurityPolicy:
    """Let pages load only what this service serves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header to the response unless a view set its own."""
        response = self.get_response(request)
        policy = PORTAL if request.path.startswith("/portal/") else PAGES
        response.headers.setdefault("Content-Security-Policy", policy)
        return response
