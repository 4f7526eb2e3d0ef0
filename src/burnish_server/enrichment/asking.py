"""Asking providers from Django's threads: the lookups of this process, on the engine's loop."""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import connection
from django.urls import reverse

from burnish.enrichment.enricher import Enricher
from burnish.enrichment.lookup import Lookups
from burnish.enrichment.provider import LocalProvider, Provider
from burnish.enrichment.run import Run
from burnish.enrichment.setup import Setup
from burnish.profiles.document import Document
from burnish_server import engine
from burnish_server.engine import Engine
from burnish_server.enrichment import ledger, store

PATIENCE = 30.0
"""Seconds for which a process waits for vendors that are still looking; then a worker goes on."""

CALLBACK_AGE = 35 * 24 * 3600
"""Seconds for which the address of a callback is good."""

SALT = "burnish.enrichment.callback"


class Asking:
    """This process's lookups, with what it shares with the others."""

    def __init__(self, running: Engine) -> None:
        """Open the connections to the database."""
        self._pool = ledger.pool()
        self.lookups = running.submit(self._open(running), timeout=10)

    async def _open(self, running: Engine) -> Lookups:
        await self._pool.open()
        return Lookups(
            running.outbound,
            shared=ledger.StoredCache(self._pool),
            meter=ledger.StoredMeter(self._pool),
            pepper=pepper(),
            callback=callback_address,
        )

    async def close(self) -> None:
        """Give up what is being asked, and close the connections."""
        await self.lookups.close()
        await self._pool.close()


def lookups() -> Lookups:
    """Return this process's lookups. Use them on the engine's loop only."""
    return engine.current().hold("enrichment", Asking).lookups


def warm() -> None:
    """Have local providers load what they load at first use: no sign-up waits for it then."""
    for provider in store.setup().providers.values():
        if isinstance(provider, LocalProvider) and provider.example:
            provider.look(provider.example)
    connection.close()


def pepper() -> bytes:
    """Return what keyed hashes of kept answers are made with."""
    return hashlib.sha256(b"enrichment" + settings.SECRET_KEY.encode()).digest()


def begin(
    setup: Setup,
    given: Mapping[str, Any],
    want: Collection[str] | None,
    document: Document,
    granted: Collection[str],
    *,
    give_up: bool = False,
) -> Run:
    """Return a run that is ready to go on the engine's loop."""
    enricher = Enricher(setup, lookups())
    return enricher.begin(given, want, document, granted, patience=PATIENCE, give_up=give_up)


def callback_address(provider: Provider, key: str) -> str:
    """Return an address to which this vendor may send this answer, and nobody anything else."""
    web = settings.BURNISH.web
    origin = web.origin or f"http://{web.host}:{web.port}"
    token = signing.dumps([provider.name, key], salt=SALT)
    return f"{origin}{reverse('enrichment_callback', args=[token])}"


def read_callback(token: str) -> tuple[str, str] | None:
    """Return the provider's name and the answer's key an address was made for, or None."""
    try:
        name, key = signing.loads(token, salt=SALT, max_age=CALLBACK_AGE)
    except (signing.BadSignature, ValueError):
        return None
    return str(name), str(key)
