"""`/resolve`: a reverse proxy asks whose request it has, and hands the answer on as headers."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from burnish_server.identity import way_in
from burnish_server.identity.models import User
from burnish_server.identity.oidc import authorize, claims, sessions
from burnish_server.identity.oidc.claims import Person

PREFIX = "x-authgear-"


@csrf_exempt
def resolve(request: HttpRequest) -> HttpResponse:
    """Answer with headers about the session of a request: by its access token, or its cookie.

    Always 200: whether strangers may pass is the proxy's affair.
    """
    response = HttpResponse(status=200)
    response.headers["Cache-Control"] = "no-store"
    token = sessions.presented(request)
    if token:
        grant = sessions.find(token)
        if grant is None or grant.user is None:
            response.headers[f"{PREFIX}session-valid"] = "false"
            return response
        at, amr, user = grant.auth_time, grant.amr, grant.user
    elif isinstance(request.user, User):
        user = request.user
        at, amr = authorize.signed_in_at(request, user), way_in.amr(request, user)
    else:
        return response
    headers = _headers(claims.of(user))
    headers["session-authenticated-at"] = str(int(at.timestamp()))
    if amr:
        headers["session-amr"] = " ".join(amr)
    for name, value in headers.items():
        response.headers[f"{PREFIX}{name}"] = value
    return response


def _headers(who: Person) -> dict[str, str]:
    return {
        "session-valid": "true",
        "user-id": who.sub,
        "user-anonymous": "false",
        "user-verified": _word(who.email_verified or who.phone_verified),
        "user-roles": ",".join(who.roles),
        "user-can-reauthenticate": _word(who.can_reauthenticate),
    }


def _word(value: bool) -> str:
    return "true" if value else "false"
