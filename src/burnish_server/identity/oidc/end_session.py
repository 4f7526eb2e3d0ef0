"""`/oauth2/end_session`: an app signs its person out (OpenID Connect RP-Initiated Logout)."""

from typing import Any, cast
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from burnish_server.identity.models import User
from burnish_server.identity.oidc import addresses, asked, clients, grants, returns, signed
from burnish_server.identity.oidc.models import Client, Grant


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end_session(request: HttpRequest) -> HttpResponse:
    """End the browser's session; ask first, unless the app proves whose session it means."""
    confirmed = request.method == "POST" and request.POST.get("act") == "sign_out"
    given = request.GET if confirmed else asked.parameters(request)
    hint = signed.read(given.get("id_token_hint", ""), "JWT")
    client = _client(given, hint)
    to = _next(given, client)
    if not isinstance(request.user, User):
        return _gone(request, to)
    known = hint is not None and hint.get("sub") == str(request.user.pk)
    if confirmed:
        # The view is open to apps' forms; this one is ours.
        if refused := CsrfViewMiddleware(lambda _: HttpResponse()).process_view(
            request, cast(Any, lambda *_: None), (), {}
        ):
            return refused
    elif not known:
        if to:
            returns.expect(request, to)
        address = f"{addresses.END_SESSION}?{given.urlencode()}"
        if request.method == "POST":
            return redirect(address)
        return render(request, "oidc/end_session.html", {"action": address, "client": client})
    _sign_out(request, hint)
    return _gone(request, to)


def _client(given: QueryDict, hint: dict[str, Any] | None) -> Client | None:
    """Return the app that asks; None where it is not said, or said twice in different ways."""
    meant = given.get("client_id", "")
    if hint is None:
        return clients.find(meant)
    audience = asked.audience(hint)
    if meant and meant not in audience:
        return None
    return clients.find(meant or (audience[0] if audience else ""))


def _next(given: QueryDict, client: Client | None) -> str:
    """Return where somebody goes afterwards, if that is registered: with this app, or with any."""
    uri = given.get("post_logout_redirect_uri", "")
    if not uri or "\0" in uri:
        return ""
    named = "client_id" in given or "id_token_hint" in given
    registered = [client] if client else [] if named else list(Client.objects.all())
    if not any(one and uri in one.post_logout_redirect_uris for one in registered):
        return ""
    state = given.get("state", "")
    parts = urlsplit(uri)
    query = "&".join(p for p in (parts.query, urlencode({"state": state}) if state else "") if p)
    return urlunsplit(parts._replace(query=query))


def _sign_out(request: HttpRequest, hint: dict[str, Any] | None) -> None:
    user = cast(User, request.user)
    if hint is not None and (sid := str(hint.get("sid", ""))):
        mine = Grant.objects.filter(user=user, revoked_at=None)
        grants.revoke(*(grant for grant in mine if sid in (grant.session[:32], grant.pk.hex)))
    logout(request)


def _gone(request: HttpRequest, to: str) -> HttpResponse:
    if to:
        return HttpResponse(status=302, headers={"Location": to})
    return redirect("account_login")
