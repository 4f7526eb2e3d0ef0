"""Stands in for Cloudflare Turnstile's verification, with its documented keys for testing.

The secrets `1x...` always pass, `2x...` always fail and `3x...` say that the token was used before.
See https://developers.cloudflare.com/turnstile/troubleshooting/testing/.
"""

from aiohttp import web

from burnish.sandbox.vendor import Vendor

DUMMY = "XXXX.DUMMY.TOKEN.XXXX"


async def siteverify(request: web.Request) -> web.Response:
    """Answer a verification."""
    form = await request.post()
    secret, token = str(form.get("secret", "")), str(form.get("response", ""))
    return _answer(_fault(secret, token))


def _fault(secret: str, token: str) -> str:
    if not secret:
        return "missing-input-secret"
    if not token:
        return "missing-input-response"
    if secret.startswith("3x"):
        return "timeout-or-duplicate"
    if secret.startswith("2x") or token != DUMMY:
        return "invalid-input-response"
    return "" if secret.startswith("1x") else "invalid-input-secret"


def _answer(fault: str) -> web.Response:
    answer = {"success": not fault, "error-codes": [fault] if fault else []}
    return web.json_response({**answer, "hostname": "example.com", "action": "", "cdata": ""})


def _key(request: web.Request) -> str:
    return ""


def _problem(request: web.Request, status: int) -> web.Response:
    return web.json_response({"success": False, "error-codes": ["bad-request"]}, status=status)


VENDOR = Vendor(
    name="turnstile",
    origins=("https://challenges.cloudflare.com",),
    routes=(web.post("/turnstile/v0/siteverify", siteverify),),
    key=_key,
    problem=_problem,
)
