"""Which social providers people may sign in with: those of the settings, then the portal's."""

import structlog
from django.conf import settings
from django.db import transaction

from burnish.errors import InvalidSettings
from burnish_server.hooks import sealing
from burnish_server.kept import Kept
from burnish_server.social.kinds import OIDC, Client
from burnish_server.social.models import SocialProvider

log = structlog.get_logger("burnish.identity")

SANDBOX = Client(
    "sandbox",
    OIDC,
    "Sandbox account",
    "burnish",
    "sandbox",
    settings={"server_url": "https://login.sandbox.example"},
)


def of_settings() -> tuple[Client, ...]:
    """Return those that stand in the settings; they are on as long as they stand there.

    In the sandbox there is one more, whose service is a stand-in.
    """
    given = tuple(one.as_client() for one in settings.BURNISH.social)
    return (*given, SANDBOX) if settings.BURNISH.sandbox else given


def enabled() -> tuple[Client, ...]:
    """Return all that are switched on; where two share an alias, the settings win."""
    first = of_settings()
    taken = {one.alias for one in first}
    return (*first, *(one for one in _of_portal() if one.alias not in taken))


def reseal() -> int:
    """Seal every secret anew with the first of the keys; return how many that were."""
    count = 0
    with transaction.atomic():
        for row in SocialProvider.objects.select_for_update():
            row.sealed = sealing.reseal(row.sealed)
            row.save(update_fields=["sealed"])
            count += 1
    return count


def _read() -> tuple[Client, ...]:
    found = []
    for row in SocialProvider.objects.filter(enabled=True):
        try:
            found.append(row.as_client())
        except InvalidSettings:
            log.error("a social provider's secret cannot be read; set it anew", alias=row.alias)
    return tuple(found)


_of_portal = Kept(_read, SocialProvider, at_pages=True)
