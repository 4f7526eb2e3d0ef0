"""Pages of configured apps may ask us from the browser, also with its cookie (CORS)."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from burnish_server.identity.oidc import addresses
from burnish_server.identity.oidc.models import Client
from burnish_server.kept import Kept

PATHS = (
    *(addresses.TOKEN, addresses.REVOKE, addresses.USERINFO, addresses.JWKS),
    *(addresses.APP_SESSION_TOKEN, addresses.DEVICE_CODE),
    *("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"),
    "/api/v1/me/",
)


def _read() -> dict[str, bool]:
    found: dict[str, bool] = {}
    for client in Client.objects.all():
        for uri in (*client.allowed_origins, *client.redirect_uris):
            parts = urlsplit(uri)
            if parts.scheme in ("http", "https"):
                origin = f"{parts.scheme}://{parts.netloc}".lower()
                found[origin] = found.get(origin, False) or not client.kind.third_party
    return found


origins = Kept(_read, Client)
"""The origins of all apps: where their people come back to, and those named beside.

Each with whether the browser's own session may speak for its person there: not in somebody else's.
"""


class CrossOrigin:
    """Lets apps' own pages read the answers of the addresses made for them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer what browsers ask beforehand, and name the origin that may read an answer."""
        origin = request.META.get("HTTP_ORIGIN", "")
        if not origin or not request.path.startswith(PATHS):
            return self.get_response(request)
        ours = origins().get(origin.lower())
        asks = request.method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.META
        response = HttpResponse(status=204) if asks else self.get_response(request)
        patch_vary_headers(response, ["Origin"])
        if ours is not None:
            response.headers["Access-Control-Allow-Origin"] = origin
            if ours:
                response.headers["Access-Control-Allow-Credentials"] = "true"
            response.headers["Access-Control-Expose-Headers"] = "WWW-Authenticate"
            if asks:
                response.headers["Access-Control-Allow-Methods"] = "GET, POST"
                response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
                response.headers["Access-Control-Max-Age"] = "600"
        return response
