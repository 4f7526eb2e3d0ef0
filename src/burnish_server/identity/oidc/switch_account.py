"""`/oauth2/switch_account`: an app opens our pages in a browser where somebody else is signed in.

A link with a token of an attacker's app would sign people in to the attacker's account without a
word (login CSRF), so whoever is signed in is asked.
"""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from burnish_server.identity.models import User
from burnish_server.identity.oidc import addresses, app_session, asked, authorize, returns
from burnish_server.identity.oidc.asked import Asked, Unanswerable
from burnish_server.identity.oidc.refusal import Refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def switch_account(request: HttpRequest) -> HttpResponse:
    """Ask, or take in the answer. The app's request stands in the address."""
    given = request.GET
    try:
        to = asked.where(request, given)
    except Unanswerable as error:
        return returns.explain(request, error)
    try:
        wanted = asked.read(request, given, to)
        if not app_session.means_it(wanted) or not request.user.is_authenticated:
            return redirect(f"{addresses.AUTHORIZE}?{given.urlencode()}")
        return _asked(request, wanted)
    except Refused as refused:
        return returns.refuse(request, to, refused)


def _asked(request: HttpRequest, wanted: Asked) -> HttpResponse:
    other = app_session.person(wanted)
    act = request.POST.get("act")
    if act == "switch":
        app_session.open(request, wanted)
        return authorize.serve(request, wanted)
    if act == "stay":
        raise Refused("access_denied", "The person who is signed in stays.")
    returns.expect(request, wanted.to.uri)
    context = {"client": wanted.client, "person": cast(User, request.user), "other": other}
    return render(request, "oidc/switch_account.html", context)
