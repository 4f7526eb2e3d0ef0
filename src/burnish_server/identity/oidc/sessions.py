"""Who an access token speaks for."""

from django.http import HttpRequest
from django.utils import timezone

from burnish_server.identity.oidc import digest
from burnish_server.identity.oidc.models import AccessToken, Grant


def presented(request: HttpRequest) -> str:
    """Return the access token of a request: in its header, or in its form (RFC 6750)."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return request.POST.get("access_token", "") if request.method == "POST" else ""


def find(token: str) -> Grant | None:
    """Return the grant of a token that is good now, with its client and its user."""
    found = (
        AccessToken.objects.select_related("grant__client", "grant__user")
        .filter(pk=digest.of(token), expires_at__gt=timezone.now(), grant__revoked_at=None)
        .first()
    )
    if found is None or (found.grant.user is not None and not found.grant.user.is_active):
        return None
    return found.grant
