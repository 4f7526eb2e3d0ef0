"""Opening our own pages from an app: a token from the app signs its person in to the browser.

`POST /oauth2/app_session_token` gives the token; `/oauth2/authorize` takes it, in `login_hint`.
"""

import json
from urllib.parse import parse_qs, urlsplit

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from burnish_server.identity.oidc import digest, grants
from burnish_server.identity.oidc.asked import Asked
from burnish_server.identity.oidc.models import RefreshToken
from burnish_server.identity.oidc.refusal import Refused, unstored

HINT = "https://authgear.com/login_hint"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@csrf_exempt
@require_POST
def app_session_token(request: HttpRequest) -> HttpResponse:
    """Answer with a token that opens a browser session, for a refresh token."""
    try:
        said = json.loads(request.body)
        text = said["refresh_token"] if isinstance(said, dict) else ""
    except (ValueError, KeyError, RecursionError):
        text = ""
    if not isinstance(text, str) or not text:
        return _error("InvalidRequest", "Invalid", 400, 'Send JSON: {"refresh_token": "..."}.')
    found = RefreshToken.objects.select_related("grant__client", "grant__user")
    token = found.filter(pk=digest.of(text), used_at=None).first()
    if token is None or grants.dead(token.grant) or not token.grant.client.kind.public:
        return _error("InvalidGrant", "Forbidden", 403, "invalid refresh token")
    made, until = grants.new_session_token(token.grant)
    expire_at = until.isoformat(timespec="seconds").replace("+00:00", "Z")
    result = {"app_session_token": made, "expire_at": expire_at}
    return unstored(JsonResponse({"result": result}))


def _error(reason: str, name: str, code: int, message: str) -> HttpResponse:
    error = {"name": name, "reason": reason, "message": message, "code": code, "info": {}}
    return unstored(JsonResponse({"error": error}, status=code))


def means_it(wanted: Asked) -> bool:
    """Return whether an app brings such a token."""
    return wanted.hint.startswith(f"{HINT}?") and "app_session_token=" in wanted.hint


def open(request: HttpRequest, wanted: Asked) -> None:
    """Sign the token's person in to this browser. Raises `Refused`."""
    text = parse_qs(urlsplit(wanted.hint).query).get("app_session_token", [""])[0]
    grant = grants.redeem_session_token(wanted.client, text)
    if grant is None:
        raise Refused("invalid_request", "The app session token has expired or was used already.")
    if request.user != grant.user:
        login(request, grant.user, backend=BACKEND)
