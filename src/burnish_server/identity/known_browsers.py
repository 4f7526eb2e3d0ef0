"""Browsers in which somebody has signed in before, known by a signed cookie.

Wrong passwords from a known browser are counted apart from those of everybody else, so a stranger
who tries passwords of an account does not lock its owner out (OWASP, Device Cookies). The cookie
lets nobody in: it only names the counter.
"""

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from burnish_server.identity.models import User

COOKIE = "burnish_browser"
AGE = 365 * 24 * 3600
"""Seconds the cookie is good for after the last login."""

MOST = 5
"""Accounts a browser is known for: those of the latest logins."""

_SALT = "burnish_server.identity.known_browsers"
_MARK = "_burnish_signed_in"


def counter(request: HttpRequest, user: User) -> str | None:
    """Return the name of the counter of this browser and this account; None for a stranger's."""
    return _known(request).get(_account(user))


def has_any(request: HttpRequest) -> bool:
    """Return whether somebody signed in with this browser before, whoever it was."""
    return COOKIE in request.COOKIES and bool(_known(request))


def signed_in(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Have the browser known from now on: somebody has proved who they are in it."""
    setattr(request, _MARK, user)


class KnownBrowsers:
    """Gives the cookie to browsers in which somebody has just signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand before the pages."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let every request through."""
        response = self._get_response(request)
        if (user := getattr(request, _MARK, None)) is not None:
            _give(request, response, user)
        return response


def _give(request: HttpRequest, response: HttpResponse, user: User) -> None:
    account, known = _account(user), _known(request)
    name = known.pop(account, None) or secrets.token_urlsafe(16)
    latest = [*known.items(), (account, name)][-MOST:]
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(latest), salt=_SALT),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest) -> dict[str, str]:
    try:
        found: dict[str, str] = signing.loads(request.COOKIES[COOKIE], salt=_SALT, max_age=AGE)
    except (KeyError, signing.BadSignature):
        return {}
    return found


def _account(user: User) -> str:
    # Who reads a cookie learns no id from it.
    return salted_hmac(_SALT, str(user.pk), algorithm="sha256").hexdigest()[:32]
