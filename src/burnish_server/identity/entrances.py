"""The pages on which a way in begins: allauth's own, once the hooks were asked."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from burnish_server.identity import bot_protection, own_login_ids, phone_reset, way_in
from burnish_server.identity.refused import words
from burnish_server.identity.stages import refused

View = Callable[..., HttpResponse]

TURNSTILE = "https://challenges.cloudflare.com"


def begins(kind: way_in.Kind) -> Callable[[View], View]:
    """Have a way in begin when the page is opened."""

    def wrapped(view: View) -> View:
        @wraps(view)
        def entrance(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if refusal := way_in.begin(request, kind):
                return refused(request, words(refusal))
            response = view(request, *args, **kwargs)
            if bot_protection.wanted(request):
                _let_turnstile_in(response)
            return response

        return entrance

    return wrapped


def _let_turnstile_in(response: HttpResponse) -> None:
    response.headers["Content-Security-Policy"] = (
        f"default-src 'self'; script-src 'self' {TURNSTILE}; frame-src {TURNSTILE}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def needs(method: str) -> Callable[[View], View]:
    """Have a page only where people sign in with this: `email`, `phone` or `username`."""

    def wrapped(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if method not in settings.BURNISH.login.methods:
                raise Http404
            return view(request, *args, **kwargs)

        return page

    return wrapped


login = begins("login")(views.login)
signup = begins("signup")(views.signup)
request_login_code = begins("login")(views.request_login_code)
signup_by_passkey = begins("signup")(views.signup_by_passkey)
verify_phone = needs("phone")(views.verify_phone)
request_phone_reset = needs("phone")(phone_reset.request_reset)
confirm_phone_reset = needs("phone")(phone_reset.confirm_reset)
complete_phone_reset = needs("phone")(phone_reset.complete_reset)
change_phone = needs("phone")(views.change_phone)
remove_phone = needs("phone")(own_login_ids.remove_phone)
change_username = needs("username")(own_login_ids.change_username)
remove_username = needs("username")(own_login_ids.remove_username)
reauthenticate = begins("reauth")(views.reauthenticate)
