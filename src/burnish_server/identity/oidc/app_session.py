"""Opening our own pages from an app: a token from the app signs its person in to the browser.

`POST /oauth2/app_session_token` gives the token for a refresh token with the scope full-access;
`/oauth2/authorize` takes it, in `login_hint`. The session is no new login: it has the time and the
methods of the login the app was granted by. A browser in which somebody else is signed in asks
them first (`switch_account`).
"""

import json
from urllib.parse import parse_qs, urlsplit

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import rotate_token
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from burnish.oauth import scopes
from burnish_server.identity import user_sessions, way_in
from burnish_server.identity.models import User
from burnish_server.identity.oidc import digest, grants
from burnish_server.identity.oidc.asked import Asked
from burnish_server.identity.oidc.models import Grant, RefreshToken
from burnish_server.identity.oidc.refusal import Refused, unstored

HINT = "https://authgear.com/login_hint"
_OPENED = "oidc_app_session"
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
    if scopes.FULL_ACCESS not in token.grant.scopes:
        message = f"the refresh token lacks the scope {scopes.FULL_ACCESS}"
        return _error("InsufficientScope", "Forbidden", 403, message)
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


def is_open(request: HttpRequest, wanted: Asked) -> bool:
    """Return whether this very token opened this session: its request comes back after a login."""
    return bool(request.session.get(_OPENED) == digest.of(_text(wanted)))


def person(wanted: Asked) -> User:
    """Return whose session the token opens, without using it up. Raises `Refused`."""
    grant = grants.find_session_token(wanted.client, _text(wanted))
    if grant is None or grant.user is None:
        raise _refused()
    user: User = grant.user
    return user


def open(request: HttpRequest, wanted: Asked) -> None:
    """Sign the token's person in to this browser. Raises `Refused`."""
    text = _text(wanted)
    grant = grants.redeem_session_token(wanted.client, text)
    if grant is None or grant.user is None:
        raise _refused()
    if request.user != grant.user:
        _begin(request, grant, grant.user)
    request.session[_OPENED] = digest.of(text)


def _begin(request: HttpRequest, grant: Grant, user: User) -> None:
    """Begin a browser session that continues the login of a grant.

    Django's `login` would count a login of now, tell hooks and change `last_login`.
    """
    if SESSION_KEY in request.session:
        request.session.flush()
    else:
        request.session.cycle_key()
    request.session[SESSION_KEY] = str(user.pk)
    request.session[BACKEND_SESSION_KEY] = BACKEND
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    way_in.carry_over(request, user, grant.amr, grant.auth_time)
    request.user = user
    rotate_token(request)
    user_sessions.begun(request)


def _text(wanted: Asked) -> str:
    return parse_qs(urlsplit(wanted.hint).query).get("app_session_token", [""])[0]


def _refused() -> Refused:
    return Refused("invalid_request", "The app session token has expired or was used already.")
