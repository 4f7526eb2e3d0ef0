"""`/oauth2/token`: codes, refresh tokens, secrets and device codes become tokens."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from burnish_server.identity.oidc import clients, codes, device, grants, tokens
from burnish_server.identity.oidc.models import Client
from burnish_server.identity.oidc.refusal import Refused, answer, unstored

Answer = dict[str, Any]


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Answer with tokens, or why there are none."""
    try:
        _once(request)
        kind = request.POST.get("grant_type", "")
        if not kind:
            raise Refused("invalid_request", "Say what you have: grant_type is missing.")
        make = _GRANTS.get(kind)
        if make is None:
            raise Refused("unsupported_grant_type", f"There are {', '.join(_GRANTS)}.")
        return unstored(JsonResponse(make(request, clients.authenticate(request))))
    except Refused as refused:
        return answer(refused)


def _once(request: HttpRequest) -> None:
    for name, values in request.POST.lists():
        if len(values) > 1 and name != "resource":
            raise Refused("invalid_request", f"{name} may be sent only once.")
        if any("\0" in value for value in values):
            raise Refused("invalid_request", f"{name} cannot be read.")


def _code(request: HttpRequest, client: Client) -> Answer:
    given = {name: request.POST.get(name, "") for name in ("code", "redirect_uri", "code_verifier")}
    if not given["code"]:
        raise Refused("invalid_request", "code is missing.")
    code = codes.redeem(client, given["code"], given["redirect_uri"], given["code_verifier"])
    return tokens.issue(request, client, code.grant, nonce=code.nonce)


def _refresh(request: HttpRequest, client: Client) -> Answer:
    text = request.POST.get("refresh_token", "")
    if not text:
        raise Refused("invalid_request", "refresh_token is missing.")
    used = grants.find_refresh(client, text)
    wanted = tuple(dict.fromkeys(request.POST.get("scope", "").split()))
    if not set(wanted) <= set(used.grant.scopes):
        raise Refused("invalid_scope", "A refresh can have no more than was granted.")
    return tokens.issue(request, client, used.grant, used=grants.Refresh(used, text, wanted))


def _own(request: HttpRequest, client: Client) -> Answer:
    if not client.kind.acts_for_itself:
        raise Refused("unauthorized_client", "This client acts for people, not for itself.")
    wanted = request.POST.get("scope", "").split() or list(client.scopes)
    if more := sorted(set(wanted) - set(client.scopes)):
        raise Refused("invalid_scope", f"This client may not have {' '.join(more)[:200]}.")
    return tokens.issue(request, client, grants.begin(client, None, wanted))


def _device(request: HttpRequest, client: Client) -> Answer:
    code = request.POST.get("device_code", "")
    if not code:
        raise Refused("invalid_request", "device_code is missing.")
    return tokens.issue(request, client, device.redeem(client, code))


_GRANTS: dict[str, Callable[[HttpRequest, Client], Answer]] = {
    "authorization_code": _code,
    "refresh_token": _refresh,
    "client_credentials": _own,
    device.GRANT_TYPE: _device,
}
