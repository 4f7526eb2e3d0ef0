"""`/oauth2/userinfo`: what the bearer of a token may know of its person.

Apps ask this at every turn, so it is one statement, and nothing of a browser's session.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from pydantic_core import from_json, to_json

from burnish.oauth import scopes
from burnish.oauth.client import ApplicationType
from burnish_server import prepared
from burnish_server.identity.models import User
from burnish_server.identity.oidc import addresses, claims, digest, means, sessions
from burnish_server.identity.oidc.bearer import Bearer, bearer
from burnish_server.identity.oidc.claims import Person

_READ = f"""
    SELECT {bearer.versions}, coalesce(t.scopes, g.scopes)::text, c.application_type,
        {claims.COLUMNS}
    FROM oidc_accesstoken AS t
    JOIN oidc_grant AS g ON g.id = t.grant_id
    JOIN oidc_client AS c ON c.client_id = g.client_id
    JOIN identity_user AS u ON u.id = g.user_id
    LEFT JOIN profiles_profile AS p ON p.user_id = u.id
    WHERE t.digest = %s AND t.expires_at > %s AND g.revoked_at IS NULL AND u.is_active
"""  # noqa: S608 - only our own words

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_REFUSED = {**_HEADERS, "WWW-Authenticate": 'Bearer error="invalid_token"'}
INVALID = b'{"error":"invalid_grant","error_description":"invalid session"}'


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """Answer with the claims of the token's person, or of who is signed in to the browser."""
    token = sessions.presented(request)
    return _answer(_by_token(token) if token else _by_session(request))


class AtOnce:
    """Answers whoever shows a token in a header before all that is for people's browsers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or let the request through."""
        if request.path != addresses.USERINFO or request.method not in ("GET", "POST"):
            return self.get_response(request)
        if "HTTP_AUTHORIZATION" not in request.META:
            return self.get_response(request)
        return _answer(_by_token(sessions.presented(request)))


def _answer(found: dict[str, Any] | None) -> HttpResponse:
    if found is None:
        return HttpResponse(INVALID, "application/json", 401, headers=_REFUSED)
    return HttpResponse(to_json(found), "application/json", headers=_HEADERS)


def _by_token(token: str) -> dict[str, Any] | None:
    row = prepared.row(_READ, [digest.of(token), timezone.now()])
    if row is None:
        return None
    count = bearer.count
    seen = bearer.at(row[:count])
    granted, kind = row[count], row[count + 1]
    return _claims(claims.person(row[count + 2 :]), kind, granted, seen)


def _by_session(request: HttpRequest) -> dict[str, Any] | None:
    user = request.user
    if not isinstance(user, User):
        return None
    return _claims(claims.of(user), ApplicationType.SPA, scopes.FULL_ACCESS, bearer())


def _claims(who: Person, kind: str, granted: str, seen: Bearer) -> dict[str, Any]:
    about = {"sub": who.sub, **claims.about(who)}
    # The scopes' names are told from one another without reading them as JSON.
    full = scopes.FULL_ACCESS in granted or scopes.FULL_USERINFO in granted
    only = None
    if ApplicationType(kind).third_party:
        only = None if full else scopes.attributes(from_json(granted))
    else:
        about["custom_attributes"] = claims.custom(who, seen)
        about["x_web3"] = {}
    about |= claims.standard(who, seen, only)
    if full:
        about |= means.of(User.objects.get(pk=who.sub))
    return about
