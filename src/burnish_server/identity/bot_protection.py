"""Telling people from programs, by Cloudflare Turnstile.

https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
"""

import aiohttp
import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from burnish.outbound import Outbound
from burnish.resolving import PublicResolver, destination
from burnish_server import engine
from burnish_server.hooks.models import Hook
from burnish_server.identity import way_in

log = structlog.get_logger("burnish.identity")

FIELD = "cf-turnstile-response"
SECONDS = 5.0

NOT_SHOWN = _("Please confirm that you are a person.")
NOT_BELIEVED = _("We could not confirm that you are a person. Please try again.")
NOT_REACHED = _("We could not check just now whether you are a person. Please try again soon.")


def warn() -> None:
    """Say which hooks ask for it in vain; called when the service starts."""
    if settings.BURNISH.turnstile.configured:
        return
    asking = Hook.objects.filter(enabled=True, script__contains="bot_protection")
    if names := list(asking.values_list("name", flat=True)):
        log.warning(
            "hooks ask for bot protection, which has no effect: set BURNISH_TURNSTILE_SITE_KEY and "
            "BURNISH_TURNSTILE_SECRET_KEY",
            hooks=names,
        )


def wanted(request: HttpRequest) -> bool:
    """Return whether this way in is protected: by a hook's wish, else as the settings say."""
    options = settings.BURNISH.turnstile
    return (
        options.configured and (way_in.demands(request).bot_protection or options.mode) == "always"
    )


def require(request: HttpRequest) -> None:
    """Return if a person is at the door, or nobody asks; raise `ValidationError` otherwise."""
    if not wanted(request):
        return
    token = request.POST.get(FIELD) or request.headers.get(FIELD, "")
    if not token:
        raise ValidationError(NOT_SHOWN, code="bot_protection")
    address = str(request.META.get("REMOTE_ADDR", ""))
    try:
        good = engine.run(
            lambda running: _verified(token[:2048], address, running.outbound), SECONDS + 2
        )
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        log.error("bot protection cannot be reached", error=type(error).__name__)
        raise ValidationError(NOT_REACHED, code="bot_protection") from None
    if not good:
        raise ValidationError(NOT_BELIEVED, code="bot_protection")


async def _verified(token: str, address: str, outbound: Outbound) -> bool:
    options = settings.BURNISH.turnstile
    secret = options.secret_key.get_secret_value() if options.secret_key else ""
    url = destination(options.verify_url, outbound)
    form = {"secret": secret, "response": token, "remoteip": address}
    connector = aiohttp.TCPConnector(resolver=PublicResolver(outbound))
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    async with (
        aiohttp.ClientSession(connector=connector, timeout=timeout) as session,
        session.post(url, data=form, allow_redirects=False) as response,
    ):
        answer = await response.json(content_type=None)
    return isinstance(answer, dict) and answer.get("success") is True
