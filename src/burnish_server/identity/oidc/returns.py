"""The answer to an app, by way of the browser: in the address, behind #, or in a form."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from burnish_server.identity.oidc import addresses
from burnish_server.identity.oidc.asked import Return, Unanswerable, origin
from burnish_server.identity.oidc.refusal import Refused, unstored

RETURNS_TO = "oidc_returns_to"
"""In the session: the origin to which somebody is sent back, as a policy names it."""


def answer(request: HttpRequest, to: Return, said: Mapping[str, str]) -> HttpResponse:
    """Send somebody back with an answer, with the app's state and our name in it (RFC 9207)."""
    fields = {**said, "iss": addresses.issuer(request)}
    if to.state:
        fields["state"] = to.state
    if to.mode == "form_post":
        return _form(request, to, fields)
    parts = urlsplit(to.uri)
    if to.mode == "fragment":
        return _redirect(urlunsplit(parts._replace(fragment=urlencode(fields))))
    query = "&".join(part for part in (parts.query, urlencode(fields)) if part)
    return _redirect(urlunsplit(parts._replace(query=query)))


def refuse(request: HttpRequest, to: Return, refused: Refused) -> HttpResponse:
    """Send somebody back with an error."""
    return answer(request, to, refused.as_json())


def plain(to: Return) -> HttpResponse:
    """Send somebody back with nothing but the app's state: their browser is signed in now."""
    parts = urlsplit(to.uri)
    state = urlencode({"state": to.state}) if to.state else ""
    query = "&".join(part for part in (parts.query, state) if part)
    return _redirect(urlunsplit(parts._replace(query=query)))


def expect(request: HttpRequest, uri: str) -> None:
    """Remember where somebody goes when they are done with the pages they are sent to now.

    Browsers hold a form to the page's policy through all redirects that follow it, so the policy
    of those pages has to name this address: see `burnish_server.project.headers`.
    """
    request.session[RETURNS_TO] = origin(uri)


def forget(request: HttpRequest) -> None:
    """Forget it: they are on their way."""
    request.session.pop(RETURNS_TO, None)


def explain(request: HttpRequest, error: Unanswerable) -> HttpResponse:
    """Tell a person why the app that sent them gets no answer."""
    return render(request, "oidc/unanswerable.html", {"sentence": str(error)}, status=400)


def _redirect(location: str) -> HttpResponse:
    # Django refuses to redirect to an app's own scheme; these addresses are registered.
    return unstored(HttpResponse(status=302, headers={"Location": location}))


def _form(request: HttpRequest, to: Return, fields: Mapping[str, str]) -> HttpResponse:
    response = render(request, "oidc/form_post.html", {"to": to, "fields": fields})
    response.headers["Content-Security-Policy"] = (
        f"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"object-src 'none'; base-uri 'none'; form-action {origin(to.uri)}; frame-ancestors 'none'"
    )
    return unstored(response)
