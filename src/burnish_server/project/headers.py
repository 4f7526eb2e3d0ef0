"""The Content-Security-Policy header."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from burnish_server.identity.oidc.returns import RETURNS_TO

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
        if origin := _on_the_way_to(request):
            named = response.headers["Content-Security-Policy"]
            response.headers["Content-Security-Policy"] = named.replace(
                "form-action 'self'", f"form-action 'self' {origin}"
            )
        return response


def _on_the_way_to(request: HttpRequest) -> str:
    """Return the app somebody goes back to when they are done here; none for most people."""
    session = getattr(request, "session", None)
    # Who has not looked into the session is not made to.
    return str(session.get(RETURNS_TO, "")) if session is not None and session.accessed else ""
