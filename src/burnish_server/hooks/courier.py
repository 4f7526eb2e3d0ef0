"""The worker's courier: it brings events to their hooks until they have arrived.

What is due is claimed in batches, for each hook no more than it may have under way, so that a slow
endpoint delays nobody else. A claim is a lease: what a worker that vanished had in hand is due
again when its lease ends. Nothing of the database is held while an endpoint is asked.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import structlog
from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError, connection, transaction

from burnish.hooks import reading
from burnish.hooks.dispatch import Dispatcher
from burnish.hooks.hook import Hook
from burnish.hooks.outcome import HookRun
from burnish.hooks.reply import Reply
from burnish.hooks.trouble import Trouble
from burnish_server.hooks import deliveries, masking, models, store
from burnish_server.hooks.deliveries import Attempt, Claimed

log = structlog.get_logger("burnish.hooks")

LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10.0
POLL_SECONDS = 1.0
LONGEST_PAUSE = 10.0
"""Seconds between looks for a database that is away, at most."""

DATABASE_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError)

MOST_UNDER_WAY = 200
"""Deliveries one worker has under way at a time, of all hooks together."""

_UNEXPECTED = Trouble(
    "InternalError",
    "UnexpectedError",
    500,
    "What came of this call could not be recorded; the log of the service says more.",
)

Settle = Callable[[Hook, Mapping[str, Any], Reply, datetime, UUID], HookRun]
"""Write what a deferred hook answered, and return the record of its call."""


@dataclass(frozen=True, slots=True)
class _Done:
    claimed: Claimed
    hook: Hook
    run: HookRun
    reply: Reply


def _attempt(done: _Done, names: masking.Names) -> Attempt:
    """Return what is kept of a delivery: no value of a sensitive attribute, and no secret."""
    claimed, reply, trouble = done.claimed, done.reply, done.run.trouble
    hidden = store.hidden_in(done.run, done.hook, claimed.envelope, names)
    if trouble:
        trouble = replace(trouble, message=masking.redacted(trouble.message, hidden))
    reply = replace(reply, text=masking.redacted(reply.text, hidden))
    return Attempt(claimed.id, claimed.created_at, claimed.attempts, claimed.since, reply, trouble)


def _failed(claimed: Claimed, hook: Hook, started_at: datetime) -> _Done:
    """Return the record of a delivery that went wrong here, without anything of its answer.

    It is tried again as others that fail are, and given up as they are.
    """
    event = claimed.envelope["type"]
    run = HookRun(hook.name, event, "failed", started_at, 0.0, trouble=_UNEXPECTED)
    return _Done(claimed, hook, run, Reply(None, _UNEXPECTED, 0.0))


class Courier:
    """Delivers what is due; everything happens on the event loop of its dispatcher."""

    def __init__(self, dispatcher: Dispatcher, settle: Settle) -> None:
        """Keep what calls hooks, and what takes the answers of deferred ones."""
        self._dispatcher = dispatcher
        self._settle = settle
        self._worker = uuid4()
        self._busy: Counter[int] = Counter()
        self._under_way: dict[UUID, asyncio.Task[None]] = {}
        self._done: asyncio.Queue[_Done] = asyncio.Queue()
        self._unwritten: set[UUID] = set()
        self._wake = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Deliver until `stop`; what is under way then is left to others."""
        helpers = [
            asyncio.create_task(self._forever(step))
            for step in (self._listen, self._renew, self._write)
        ]
        try:
            while not self._stopping:
                self._wake.clear()
                if not await self._take():
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
        finally:
            await self._leave(helpers)

    def stop(self, grace: float) -> None:
        """Take nothing more, and finish what can be finished within `grace` seconds."""
        self._stopping, self._grace = True, grace
        self._wake.set()

    async def _take(self) -> bool:
        """Start what is due and may be started; say whether anything was."""
        free = MOST_UNDER_WAY - len(self._under_way)
        if free <= 0:
            return False
        most = settings.BURNISH.hooks.concurrency
        busy = {hook: count for hook, count in self._busy.items() if count}
        try:
            claimed, hooks = await asyncio.to_thread(self._claim, busy, most)
        except DATABASE_AWAY:
            log.warning("deliveries not claimed, for the database is away")
            return False
        except Exception:
            log.exception("deliveries not claimed")
            return False
        for one in claimed:
            self._busy[one.hook_id] += 1
            self._unwritten.add(one.id)
            self._under_way[one.id] = asyncio.create_task(self._deliver(one, hooks[one.hook_id]))
        return bool(claimed)

    def _claim(self, busy: Mapping[int, int], most: int) -> tuple[list[Claimed], dict[int, Hook]]:
        try:
            claimed = deliveries.claim(self._worker, busy, most, LEASE)
            ids = {one.hook_id for one in claimed}
            rows = models.Hook.objects.filter(pk__in=ids)
            return claimed, store.equipped(rows) if ids else {}
        finally:
            connection.close()

    async def _deliver(self, claimed: Claimed, hook: Hook) -> None:
        asked_at = datetime.now(UTC)
        seconds = hook.timeout or settings.BURNISH.hooks.delivery_seconds
        try:
            reply = await self._dispatcher.call(hook, claimed.envelope, seconds)
            run = await self._read(claimed, hook, reply, asked_at)
            self._done.put_nowait(_Done(claimed, hook, run, reply))
        except (OperationalError, InterfaceError):
            # The database is away. The lease ends by itself, and then it is tried again.
            log.exception("delivery failed", hook=hook.name, event=claimed.envelope["type"])
            self._unwritten.discard(claimed.id)
        except Exception:
            log.exception("delivery failed", hook=hook.name, event=claimed.envelope["type"])
            self._done.put_nowait(_failed(claimed, hook, asked_at))
        finally:
            self._busy[claimed.hook_id] -= 1
            self._under_way.pop(claimed.id, None)
            self._wake.set()

    async def _read(
        self, claimed: Claimed, hook: Hook, reply: Reply, asked_at: datetime
    ) -> HookRun:
        if hook.blocking and claimed.user_id:
            return await asyncio.to_thread(
                self._settled, hook, claimed.envelope, reply, asked_at, claimed.user_id
            )
        return reading.told(hook, claimed.envelope["type"], reply, asked_at)

    def _settled(self, *answered: Any) -> HookRun:
        try:
            return self._settle(*answered)
        finally:
            connection.close()

    async def _forever(self, step: Callable[[], Any]) -> None:
        pause = POLL_SECONDS
        while True:
            try:
                await step()
                pause = POLL_SECONDS
            except DATABASE_AWAY:
                log.warning("courier waits for the database", seconds=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception:
                log.exception("courier stumbled")
                await asyncio.sleep(POLL_SECONDS)

    async def _listen(self) -> None:
        parameters = connection.get_connection_params()
        wanted = {"dbname", "user", "password", "host", "port"}
        chosen = {name: value for name, value in parameters.items() if name in wanted}
        async with await psycopg.AsyncConnection.connect(**chosen, autocommit=True) as listener:
            await listener.execute("LISTEN hooks_delivery")
            async for _ in listener.notifies():
                self._wake.set()

    async def _renew(self) -> None:
        await asyncio.sleep(RENEW_SECONDS)
        if self._unwritten:
            await asyncio.to_thread(self._closing, deliveries.renew, self._unwritten.copy(), LEASE)

    async def _write(self) -> None:
        done = [await self._done.get()]
        while not self._done.empty():
            done.append(self._done.get_nowait())
        try:
            await asyncio.to_thread(self._record, done)
        finally:
            # What could not be written is tried again when its lease ends.
            self._unwritten -= {one.claimed.id for one in done}

    def _record(self, done: list[_Done]) -> None:
        try:
            self._put(done)
        finally:
            connection.close()

    def _put(self, done: list[_Done]) -> None:
        """Write what came of deliveries; one that cannot be written keeps no other from it."""
        names = masking.names()
        attempts = [_attempt(one, names) for one in done]
        runs = [(one.run, one.claimed.hook_id, one.hook, one.claimed.envelope) for one in done]
        try:
            with transaction.atomic():
                deliveries.write(attempts, self._worker)
                store.record_many(runs)
        except (DataError, ValueError, TypeError):
            log.exception("deliveries not written", deliveries=len(done))
            for one in done if len(done) > 1 else ():
                self._put([one])
            if len(done) == 1 and done[0].run.trouble != _UNEXPECTED:
                self._put([_failed(done[0].claimed, done[0].hook, done[0].run.started_at)])

    def _closing(self, act: Callable[..., None], *rest: Any) -> None:
        try:
            act(self._worker, *rest)
        finally:
            connection.close()

    async def _leave(self, helpers: list["asyncio.Task[None]"]) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way.values(), timeout=self._grace)
        for task in list(self._under_way.values()):
            task.cancel()
        while not self._done.empty():
            await self._write()
        for helper in helpers:
            helper.cancel()
        await asyncio.gather(*helpers, return_exceptions=True)
        if self._unwritten:
            await asyncio.to_thread(self._closing, deliveries.release, self._unwritten.copy())

    _grace = 0.0
