"""Reading API keys out of requests: from `Authorization`, as Bearer or Basic."""

import base64
import binascii

from aiohttp import web


def bearer(request: web.Request) -> str:
    """Return the token, or an empty text where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def basic(request: web.Request) -> tuple[str, str]:
    """Return the user and the password, each an empty text where there is none."""
    scheme, _, login = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(login.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password
