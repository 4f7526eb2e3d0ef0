"""`/oauth2/consent`: somebody is asked whether an app may have what it wants."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from burnish_server.identity.models import User
from burnish_server.identity.oidc import asked, authorize, consents, returns
from burnish_server.identity.oidc.asked import Asked, Unanswerable
from burnish_server.identity.oidc.refusal import Refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """Ask, or take in what somebody says to it. The app's request stands in the address."""
    given = request.GET
    try:
        to = asked.where(request, given)
    except Unanswerable as error:
        return returns.explain(request, error)
    try:
        wanted = asked.read(request, given, to)
        return authorize.required(request, wanted) or _asked(request, wanted)
    except Refused as refused:
        return returns.refuse(request, to, refused)


def _asked(request: HttpRequest, wanted: Asked) -> HttpResponse:
    user = cast(User, request.user)
    act = request.POST.get("act")
    if act == "allow":
        consents.give(wanted.client, user, wanted.scopes)
        return authorize.finish(request, wanted)
    if act == "refuse":
        raise Refused("access_denied", "The person did not agree.")
    returns.expect(request, wanted.to.uri)
    context = {
        "client": wanted.client,
        "items": consents.described(wanted.scopes),
        "person": user,
        "origin": asked.origin(wanted.to.uri).rstrip(":"),
    }
    return render(request, "oidc/consent.html", context)
