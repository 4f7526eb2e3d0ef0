"""`/oauth2/authorize`: an app sends somebody, who signs in, agrees, and goes back with a code."""

import hashlib
import time
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from burnish_server.identity import way_in
from burnish_server.identity.models import User
from burnish_server.identity.oidc import (
    addresses,
    app_session,
    asked,
    codes,
    consents,
    grants,
    returns,
)
from burnish_server.identity.oidc.asked import Asked, Unanswerable
from burnish_server.identity.oidc.refusal import Refused
from burnish_server.identity.sent import SENT


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Serve an app's request: with a code, a page for its person, or an error."""
    given = asked.parameters(request)
    try:
        to = asked.where(request, given)
    except Unanswerable as error:
        return returns.explain(request, error)
    try:
        wanted = asked.read(request, given, to)
        if request.method == "POST":
            # From here on it is a page like any other, which can be left and come back to.
            return redirect(f"{addresses.AUTHORIZE}?{given.urlencode()}")
        return _serve(request, wanted)
    except Refused as refused:
        return returns.refuse(request, to, refused)


def _serve(request: HttpRequest, wanted: Asked) -> HttpResponse:
    if app_session.means_it(wanted) and not app_session.is_open(request, wanted):
        if app_session.person(wanted) != request.user and request.user.is_authenticated:
            return _ask_to_switch(wanted)
        app_session.open(request, wanted)
    return serve(request, wanted)


def _ask_to_switch(wanted: Asked) -> HttpResponse:
    if "none" in wanted.prompts:
        raise Refused("interaction_required", "Somebody else is signed in to this browser.")
    return redirect(f"{addresses.SWITCH_ACCOUNT}?{wanted.given.urlencode()}")


def serve(request: HttpRequest, wanted: Asked) -> HttpResponse:
    """Serve a request of an app in which nobody is meant by a token. Raises `Refused`."""
    if way := required(request, wanted):
        return way
    user = cast(User, request.user)
    if consents.missing(wanted, user):
        if "none" in wanted.prompts:
            raise Refused("consent_required", "The person has to be asked first.")
        returns.expect(request, wanted.to.uri)
        return redirect(f"{addresses.CONSENT}?{wanted.given.urlencode()}")
    return finish(request, wanted)


def required(request: HttpRequest, wanted: Asked) -> HttpResponse | None:
    """Return where somebody signs in first; None where they have. Raises `Refused`."""
    user = request.user if isinstance(request.user, User) else None
    stranger = user is not None and wanted.hinted not in ("", str(user.pk))
    fresh = user is not None and _is_fresh(request, wanted, user)
    if user is not None and not stranger and fresh:
        return None
    if "none" in wanted.prompts:
        raise Refused("login_required", "The person has to sign in.")
    return _sign_in(request, wanted, user, stranger)


def _is_fresh(request: HttpRequest, wanted: Asked, user: User) -> bool:
    """Return whether somebody's login is as new as the app wants it."""
    at = signed_in_at(request, user).timestamp()
    sent = request.session.get(SENT) or {}
    if sent.get("key") == _key(wanted) and at >= sent["at"]:
        return True
    if {"login", "select_account"} & wanted.prompts:
        return False
    if wanted.max_age is not None and time.time() - at > wanted.max_age:
        return False
    return not wanted.leaves_no_session or "none" in wanted.prompts


def _sign_in(
    request: HttpRequest, wanted: Asked, user: User | None, stranger: bool
) -> HttpResponse:
    again = user is not None and not stranger and bool(get_reauthentication_flows(user))
    if user is not None and not again:
        logout(request)
    alone = wanted.leaves_no_session and not again
    given = wanted.given
    request.session[SENT] = {
        "key": _key(wanted),
        "at": time.time(),
        "alone": alone,
        "client_id": wanted.client.pk,
        "state": wanted.to.state[:500],
        "x_state": given.get("x_state", "")[:500],
        "ui_locales": given.get("ui_locales", "")[:200],
    }
    returns.expect(request, wanted.to.uri)
    page = "account_signup" if given.get("x_page") == "signup" else "account_login"
    query = {"next": f"{addresses.AUTHORIZE}?{given.urlencode()}"}
    if wanted.hint and not wanted.hint.startswith("https://"):
        query["login_hint"] = wanted.hint[:254]
    if wish := _wish(wanted):
        query[way_in.WISH] = wish
    return redirect(f"{reverse('account_reauthenticate' if again else page)}?{urlencode(query)}")


def _wish(wanted: Asked) -> str:
    """Return whether the app wishes questions at this login: `ask`, `none`, or nothing said."""
    said = wanted.given.get("x_questions", "")
    if said in ("ask", "none"):
        return said
    return "" if wanted.client.asks_questions else "none"


def _key(wanted: Asked) -> str:
    return hashlib.sha256(wanted.given.urlencode().encode()).hexdigest()


def signed_in_at(request: HttpRequest, user: User) -> datetime:
    """Return when somebody last proved who they are."""
    at = [float(one["at"]) for one in get_authentication_records(request, user) if "at" in one]
    if at:
        return datetime.fromtimestamp(max(at), UTC)
    return user.last_login or user.created_at


def finish(request: HttpRequest, wanted: Asked) -> HttpResponse:
    """Send somebody back who is signed in and agrees."""
    user = cast(User, request.user)
    sent = request.session.pop(SENT, None) or {}
    alone = bool(sent.get("alone")) and sent.get("key") == _key(wanted)
    returns.forget(request)
    if wanted.response_type == "none":
        return returns.plain(wanted.to)
    session = "" if wanted.leaves_no_session else request.session.session_key or ""
    login = grants.Login(
        user, signed_in_at(request, user), way_in.amr(request, user), session=session
    )
    given = wanted.given
    grant = grants.begin(
        wanted.client,
        login,
        wanted.scopes,
        state=wanted.to.state,
        x_state=given.get("x_state", ""),
    )
    code = codes.issue(grant, wanted.to.uri, wanted.challenge, wanted.nonce)
    if alone:
        logout(request)
    return returns.answer(request, wanted.to, {"code": code})
