"""What happens where a social provider answers what nobody expects."""

import structlog
from allauth.socialaccount.helpers import render_authentication_error
from django.core.exceptions import ImproperlyConfigured, MultipleObjectsReturned
from django.http import HttpRequest, HttpResponse

from burnish.errors import BurnishError
from burnish_server.social.claims import InvalidClaims

log = structlog.get_logger("burnish.identity")

AMISS = (
    ArithmeticError,
    AttributeError,
    BurnishError,
    ImproperlyConfigured,
    LookupError,
    MultipleObjectsReturned,
    RecursionError,
    OSError,  # what `requests` raises is one
    TypeError,
    ValueError,
)
"""What allauth's views raise then."""


def amiss(request: HttpRequest, error: Exception) -> HttpResponse:
    """Log of which kind the trouble was, not what was said, and return a page that says so."""
    reason = str(error) if isinstance(error, InvalidClaims) else ""
    log.warning("a social provider answered amiss", error=type(error).__name__, reason=reason)
    response: HttpResponse = render_authentication_error(request, None, exception=error)
    return response
