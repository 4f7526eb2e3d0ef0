"""`/oauth2/revoke`: an app gives a token back (RFC 7009), and all of that login with it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from burnish_server.identity.oidc import clients, digest, grants
from burnish_server.identity.oidc.models import AccessToken, RefreshToken
from burnish_server.identity.oidc.refusal import Refused, answer, unstored


@csrf_exempt
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Revoke what a token belongs to; one that is not known is no error."""
    try:
        token = request.POST.get("token", "")
        if not token or "\0" in token:
            raise Refused("invalid_request", "token is missing.")
        # Apps of the house send no client_id beside a refresh token: who has it may end it.
        named = "client_id" in request.POST or "Authorization" in request.headers
        client = clients.authenticate(request) if named else None
        for kind in (RefreshToken, AccessToken):
            found = kind.objects.select_related("grant__client").filter(pk=digest.of(token)).first()
            if found is None:
                continue
            owner = found.grant.client
            if client is None and not owner.kind.public:
                raise Refused("invalid_client", "This client shows its secret to revoke a token.")
            if client is None or owner == client:
                grants.revoke(found.grant)
    except Refused as refused:
        return answer(refused)
    return unstored(HttpResponse(status=200))
