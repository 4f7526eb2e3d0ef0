"""Stands in for a service people sign in with: OpenID Connect's code flow, for the cast.

Nobody proves anything here: whoever comes picks who they are. A person's address is their code and
their access token, and there is no ID token, so what is said of them is read at the userinfo
endpoint. See https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth.
"""

from html import escape
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from burnish.sandbox.authorization import bearer
from burnish.sandbox.cast import PEOPLE, Person
from burnish.sandbox.people import person_of
from burnish.sandbox.vendor import Vendor

ORIGIN = "https://login.sandbox.example"
FEW = 3
"""How many of the cast may be picked."""

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sandbox account</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>body {{ font: 1.0625rem/1.5 system-ui, sans-serif; margin: 15vh auto; max-width: 24rem;
padding: 0 1rem }} a {{ display: block; padding: .5rem 0 }}</style></head>
<body><h1>Sandbox account</h1><p>This stands in for a service people sign in with. Who are you?</p>
{links}</body></html>"""


async def configuration(request: web.Request) -> web.Response:
    """Say where everything is; the page people see is here, on this machine."""
    return web.json_response(
        {
            "issuer": ORIGIN,
            "authorization_endpoint": f"http://{request.host}/authorize",
            "token_endpoint": f"{ORIGIN}/token",
            "userinfo_endpoint": f"{ORIGIN}/userinfo",
            "jwks_uri": f"{ORIGIN}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
    )


async def authorize(request: web.Request) -> web.Response:
    """Let somebody pick who they are, or turn back."""
    back, state = request.query.get("redirect_uri", ""), request.query.get("state", "")
    if urlsplit(back).scheme not in ("http", "https"):
        return _problem(request, 400)
    links = [
        _link(back, {"code": person.email, "state": state}, f"{person.name}, {person.email}")
        for person in PEOPLE[:FEW]
    ]
    links.append(_link(back, {"error": "access_denied", "state": state}, "Turn back"))
    return web.Response(text=_PAGE.format(links="\n".join(links)), content_type="text/html")


async def token(request: web.Request) -> web.Response:
    """Exchange a code."""
    form = await request.post()
    code = str(form.get("code", ""))
    if _known(code) is None:
        return web.json_response({"error": "invalid_grant"}, status=400)
    return web.json_response({"access_token": code, "token_type": "Bearer"})


async def userinfo(request: web.Request) -> web.Response:
    """Say who somebody is."""
    person = _known(bearer(request))
    if person is None:
        return _problem(request, 401)
    return web.json_response(
        {
            "sub": person.email,
            "email": person.email,
            "email_verified": True,
            "given_name": person.given,
            "family_name": person.family,
            "name": person.name,
        }
    )


def _known(address: str) -> Person | None:
    return person_of(address) if "@" in address else None


def _link(back: str, query: dict[str, str], words: str) -> str:
    return f'<a href="{escape(back)}?{escape(urlencode(query))}">{escape(words)}</a>'


def _key(request: web.Request) -> str:
    return ""


def _problem(request: web.Request, status: int) -> web.Response:
    return web.json_response({"error": "invalid_request"}, status=status)


VENDOR = Vendor(
    name="sign_in",
    origins=(ORIGIN,),
    routes=(
        web.get("/.well-known/openid-configuration", configuration),
        web.get("/authorize", authorize),
        web.post("/token", token),
        web.get("/userinfo", userinfo),
    ),
    key=_key,
    problem=_problem,
)
