"""What all processes share while they ask: kept answers and gauges, in PostgreSQL.

The event loop has a few connections of its own: Django's belong to threads.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import structlog
from django.db import connection
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from burnish.enrichment import meter
from burnish.enrichment.cache import Entry
from burnish.enrichment.meter import Gauge, Leave, Permit
from burnish.enrichment.outcome import Answer
from burnish.enrichment.settings import Limits
from burnish.errors import InvalidSettings
from burnish_server.hooks import sealing

log = structlog.get_logger("burnish.enrichment")

CONNECTIONS = 4

_CLAIM = """
INSERT INTO enrichment_kept (key, provider, sealed, claimed_until)
VALUES (%(key)s, '', '', now() + make_interval(secs => %(seconds)s))
ON CONFLICT (key) DO UPDATE SET claimed_until = excluded.claimed_until
WHERE enrichment_kept.claimed_until IS NULL OR enrichment_kept.claimed_until < now()
RETURNING key
"""

_PUT = """
INSERT INTO enrichment_kept (key, provider, sealed, kept_until)
VALUES (%s, %s, %s, %s)
ON CONFLICT (key) DO UPDATE SET provider = excluded.provider, sealed = excluded.sealed,
    kept_until = excluded.kept_until, claimed_until = NULL
"""

_GAUGE = "SELECT state FROM enrichment_gauge WHERE provider = %s FOR UPDATE"

Pool = AsyncConnectionPool[AsyncConnection[tuple[Any, ...]]]


def pool() -> Pool:
    """Return connections for the event loop that opens them."""
    asked = connection.get_connection_params()
    known = ("dbname", "user", "password", "host", "port", "connect_timeout", "sslmode", "options")
    return AsyncConnectionPool(
        kwargs={name: asked[name] for name in known if asked.get(name)} | {"autocommit": True},
        min_size=0,
        max_size=CONNECTIONS,
        max_idle=60.0,
        num_workers=1,
        open=False,
        name="enrichment",
    )


class StoredCache:
    """Kept answers, sealed: without the service's key nobody reads them."""

    def __init__(self, pool: Pool) -> None:
        """Keep the connections."""
        self._pool = pool

    async def get(self, key: str) -> Entry | None:
        """Return the entry, be it stale, or None."""
        async with self._pool.connection() as db:
            found = await db.execute(
                "SELECT sealed FROM enrichment_kept WHERE key = %s AND kept_until > now()", [key]
            )
            row = await found.fetchone()
        try:
            return Entry.from_json(json.loads(sealing.unseal(row[0]))) if row else None
        except InvalidSettings:
            log.warning("kept answer not opened: its key is gone", key=key[:8])
            return None

    async def put(self, key: str, provider: str, entry: Entry) -> None:
        """Keep an entry; whoever waits for it finds it."""
        sealed = sealing.seal(json.dumps(entry.as_json()))
        async with self._pool.connection() as db:
            await db.execute(_PUT, [key, provider, sealed, entry.kept_until])

    async def claim(self, key: str, seconds: float) -> bool:
        """Say whether the caller is the one who asks now."""
        async with self._pool.connection() as db:
            made = await db.execute(_CLAIM, {"key": key, "seconds": seconds})
            return await made.fetchone() is not None

    async def release(self, key: str) -> None:
        """Let others ask."""
        async with self._pool.connection() as db:
            await db.execute(
                "UPDATE enrichment_kept SET claimed_until = NULL WHERE key = %s", [key]
            )


@dataclass(slots=True)
class _Move:
    apply: Callable[[Gauge, float], Any]
    done: "asyncio.Future[Any]"


class StoredMeter:
    """Gauges all processes move. Moves that come while one is under way are made together."""

    is_immediate = False

    def __init__(self, pool: Pool) -> None:
        """Keep the connections."""
        self._pool = pool
        self._moves: dict[str, list[_Move]] = defaultdict(list)
        self._movers: dict[str, asyncio.Task[None]] = {}

    async def admit(self, provider: str, limits: Limits, price: Decimal, timeout: float) -> Leave:
        """Return leave to ask, or why there is none."""
        leave: Leave = await self._move(
            provider, lambda gauge, now: meter.admit(gauge, limits, price, timeout, now)
        )
        return leave

    async def settle(self, provider: str, permit: Permit, answer: Answer, spent: Decimal) -> None:
        """Note what came of a permit."""
        await self._move(
            provider, lambda gauge, now: meter.settle(gauge, permit, answer, spent, now)
        )

    async def _move(self, provider: str, apply: Callable[[Gauge, float], Any]) -> Any:
        move = _Move(apply, asyncio.get_running_loop().create_future())
        self._moves[provider].append(move)
        if provider not in self._movers:
            self._movers[provider] = asyncio.create_task(self._make_all(provider))
        return await move.done

    async def _make_all(self, provider: str) -> None:
        try:
            while moves := self._moves.pop(provider, None):
                await self._make(provider, moves)
        finally:
            del self._movers[provider]

    async def _make(self, provider: str, moves: list[_Move]) -> None:
        try:
            async with self._pool.connection() as db, db.transaction():
                gauge = await self._gauge(db, provider)
                results = [move.apply(gauge, meter.now()) for move in moves]
                await db.execute(
                    "UPDATE enrichment_gauge SET state = %s WHERE provider = %s",
                    [json.dumps(gauge.as_json()), provider],
                )
        except Exception as error:
            for move in moves:
                if not move.done.done():
                    move.done.set_exception(error)
            return
        for move, result in zip(moves, results, strict=True):
            if not move.done.done():
                move.done.set_result(result)

    async def _gauge(self, db: AsyncConnection[tuple[Any, ...]], provider: str) -> Gauge:
        row = await (await db.execute(_GAUGE, [provider])).fetchone()
        if row is None:
            await db.execute(
                "INSERT INTO enrichment_gauge (provider, state) VALUES (%s, '{}')"
                " ON CONFLICT DO NOTHING",
                [provider],
            )
            row = await (await db.execute(_GAUGE, [provider])).fetchone()
        return Gauge.from_json(row[0] if row else {})
