"""One question to one provider: all that is the same whoever is asked.

Kept? Being asked already? Allowed just now? Then ask, in time; note what it cost, and keep it.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

import structlog

from burnish.attributes import storable
from burnish.enrichment import cache, meter, outside
from burnish.enrichment.cache import Cache, Entry, LocalCache
from burnish.enrichment.client import Client, TooLong, Unreachable
from burnish.enrichment.inputs import CALLBACK, Known
from burnish.enrichment.meter import LocalMeter, Meter, Permit, Wait
from burnish.enrichment.outcome import Answer, Failed, Found, Miss, Outcome, Pending, Skipped
from burnish.enrichment.provider import Provider
from burnish.enrichment.reading import BadAnswer
from burnish.outbound import Outbound

log = structlog.get_logger("burnish.enrichment")

Keep = Literal["", "fresh", "stale"]

Callback = Callable[[Provider, str], str | None]
"""Returns an address to which a provider may send the answer to a question, by its key."""

FIRST_GLANCE, LAST_GLANCE = 0.02, 0.5
"""Seconds between looks at what another process is asking: at first, and after a while."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What came of one question: when, how long it took, what it cost.

    `at` is when the answer was given, which is earlier where it was `kept`: `fresh`, or `stale`
    because there is no new one: `trouble` is what came of asking then. `asked` is whether the
    provider itself was asked for this, rather than for somebody else or some time ago. `wait` is
    how many seconds later there is leave to ask, where there is none now.
    """

    provider: str
    outcome: Outcome
    at: datetime
    ms: float = 0.0
    cost: Decimal = Decimal(0)
    kept: Keep = ""
    asked: bool = False
    trouble: Failed | Skipped | None = None
    wait: float | None = None


class Lookups:
    """Asks providers. Belongs to the event loop that uses it.

    `shared` and `meter` are those of all processes; without them this process is alone. `callback`
    gives the addresses to which vendors send what they find later.
    """

    def __init__(
        self,
        outbound: Outbound,
        *,
        shared: Cache | None = None,
        meter: Meter | None = None,
        pepper: bytes = b"",
        local: LocalCache | None = None,
        callback: Callback = lambda provider, key: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.client = Client(outbound)
        self._shared = shared
        self._meter: Meter = meter or LocalMeter()
        self._pepper = pepper
        self._local = local or LocalCache()
        self._callback = callback
        self._clock = clock
        self._last_key: tuple[Provider, Known, str] | None = None
        self._flights: dict[str, asyncio.Task[Lookup]] = {}
        self._gates: dict[tuple[str, int], asyncio.Semaphore] = {}

    async def ask(self, provider: Provider, known: Known, *, anew: bool = False) -> Lookup:
        """Return what came of asking, now or, unless `anew`, before.

        Raises nothing that a provider does.
        """
        if provider.local:
            return self.look(provider, known)
        try:
            key = self.key(provider, known)
        except Exception as error:
            return Lookup(provider.name, _broken(provider, error), self._clock())
        if not anew and (kept := self._here(provider, key)):
            return kept
        if flight := self._flights.get(key):
            # Whoever began it pays for it.
            return replace(await asyncio.shield(flight), cost=Decimal(0), asked=False)
        flight = asyncio.create_task(self._fly(provider, known, key, anew))
        self._flights[key] = flight
        flight.add_done_callback(lambda _: self._flights.pop(key, None))
        return await asyncio.shield(flight)

    def at_once(self, provider: Provider, known: Known) -> Lookup | None:
        """Return what this process knows without asking anybody; any thread may ask that."""
        if provider.local:
            return self.look(provider, known)
        try:
            return self._here(provider, self.key(provider, known))
        except Exception as error:
            return Lookup(provider.name, _broken(provider, error), self._clock())

    def _here(self, provider: Provider, key: str) -> Lookup | None:
        """Return what this process has kept, while it is fresh."""
        now, entry = self._clock(), self._local.peek(key)
        return _kept(provider, entry, now) if entry is not None and entry.is_fresh(now) else None

    def look(self, provider: Provider, known: Known) -> Lookup:
        """Return what a local provider knows."""
        began = time.perf_counter()
        outcome: Outcome
        try:
            outcome = provider.look(known)  # type: ignore[attr-defined]
            if outside.is_outside(type(provider)):
                outcome = outside.sound(outcome)
        except BadAnswer as error:
            outcome = Failed("bad_answer", outside.words(error))
        except Exception as error:
            outcome = _broken(provider, error)
        ms = (time.perf_counter() - began) * 1000
        return Lookup(provider.name, outcome, self._clock(), ms, asked=True)

    def key(self, provider: Provider, known: Known) -> str:
        """Return the key under which the answer is kept."""
        sent, last = provider.sends(known), self._last_key
        if last is not None and last[0] is provider and last[1] == sent:
            return last[2]  # mostly one looks at what is kept, and asks right after that
        key = cache.key_of(provider, known, self._pepper)
        self._last_key = provider, sent, key
        return key

    async def deliver(self, provider: Provider, key: str, answer: Found | Miss) -> None:
        """Keep an answer that came by itself, later than the question.

        What is kept already stays beside it: some vendors send only what they had not yet.
        """
        last = await self._recall(key)
        if isinstance(answer, Found) and last is not None and isinstance(last.answer, Found):
            answer = replace(answer, values={**last.answer.values, **answer.values})
        await self._keep(provider, key, answer, self._clock(), None)

    async def close(self) -> None:
        """Give up what is being asked, and close the connections."""
        for flight in list(self._flights.values()):
            flight.cancel()
        await asyncio.gather(*self._flights.values(), return_exceptions=True)
        await self.client.close()

    async def _fly(self, provider: Provider, known: Known, key: str, anew: bool) -> Lookup:
        last = await self._recall(key)
        if anew:
            return await self._ask(provider, known, key, last)
        if last is not None and last.is_fresh(self._clock()):
            return _kept(provider, last, self._clock())
        if self._shared is None:
            return await self._ask(provider, known, key, last)
        patience = provider.settings.timeout.total_seconds() + 5.0
        if not await self._shared.claim(key, patience):
            entry = await self._watch(key, patience)
            if entry is not None:
                return _kept(provider, entry, self._clock())
        try:
            return await self._ask(provider, known, key, last)
        finally:
            if not self._has_put(key):
                await asyncio.shield(self._shared.release(key))

    def _has_put(self, key: str) -> bool:
        """Say whether the answer is there, which let go of the claim to it."""
        entry = self._local.peek(key)
        return entry is not None and entry.is_fresh(self._clock())

    async def fresh(self, key: str) -> bool:
        """Say whether an answer is there by now."""
        entry = await self._recall(key)
        return entry is not None and entry.is_fresh(self._clock())

    async def _recall(self, key: str) -> Entry | None:
        entry = self._local.peek(key)
        if self._shared is None or (entry is not None and entry.is_fresh(self._clock())):
            return entry
        entry = await self._shared.get(key)
        if entry is not None:
            self._local.keep(key, entry)
        return entry

    async def _watch(self, key: str, patience: float) -> Entry | None:
        """Wait for what another process is asking; None where it has come to nothing."""
        assert self._shared is not None  # noqa: S101 - else there are no others
        glance, until = FIRST_GLANCE, time.monotonic() + patience
        while time.monotonic() < until:
            await asyncio.sleep(glance)
            glance = min(glance * 1.5, LAST_GLANCE)
            entry = await self._recall(key)
            if entry is not None and entry.is_fresh(self._clock()):
                return entry
            if await self._shared.claim(key, patience):
                return None
        return None

    async def _ask(self, provider: Provider, known: Known, key: str, last: Entry | None) -> Lookup:
        settings = provider.settings
        timeout = settings.timeout.total_seconds()
        async with self._gate(provider):
            leave = await self._leave(provider, timeout)
            if not isinstance(leave, Permit):
                return self._without(provider, leave, last)
            began = time.perf_counter()
            answer: Answer = Failed("broken", "the lookup was given up")
            spent = Decimal(0)
            try:
                answer = await self._answer(provider, known, key, timeout)
                if isinstance(answer, Found) or (
                    provider.charges_misses and isinstance(answer, Miss)
                ):
                    spent = leave.price
            finally:
                settling = self._meter.settle(provider.name, leave, answer, spent)
                await (settling if self._meter.is_immediate else asyncio.shield(settling))
            ms = (time.perf_counter() - began) * 1000
        at = self._clock()
        if not isinstance(answer, Pending):
            await self._keep(provider, key, answer, at, last)
        if isinstance(answer, Failed) and (good := _last_good(last, at)):
            return replace(good, provider=provider.name, ms=ms, asked=True, trouble=answer)
        return Lookup(provider.name, answer, at, ms, spent, asked=True)

    async def _leave(self, provider: Provider, timeout: float) -> Permit | Wait | Skipped:
        """Wait for leave to ask as long as that is near."""
        limits, price = provider.settings.limits, provider.cost
        while True:
            leave = await self._meter.admit(provider.name, limits, price, timeout)
            match leave:
                case Wait(seconds=seconds) if seconds <= meter.LONGEST_QUEUE:
                    await asyncio.sleep(seconds)
                case Permit(at=at):
                    if (ahead := at - meter.now()) > 0:
                        await asyncio.sleep(ahead)
                    return leave
                case _:
                    return leave

    def _without(self, provider: Provider, leave: Wait | Skipped, last: Entry | None) -> Lookup:
        now = self._clock()
        wait = leave.seconds if isinstance(leave, Wait) else None
        skipped = leave if isinstance(leave, Skipped) else Skipped("limited", leave.detail, wait)
        if good := _last_good(last, now):
            return replace(good, provider=provider.name, trouble=skipped)
        return Lookup(provider.name, skipped, now, wait=wait)

    def _sent(self, provider: Provider, known: Known, key: str) -> Known:
        sent = provider.sends(known)
        address = self._callback(provider, key) if provider.calls_back else None
        return {**sent, CALLBACK: address} if address else sent

    async def _answer(self, provider: Provider, known: Known, key: str, timeout: float) -> Answer:
        try:
            async with asyncio.timeout(timeout):
                sent = self._sent(provider, known, key)
                if outside.is_outside(type(provider)):
                    answer = outside.sound(await outside.answer(provider, sent, self.client.send))
                else:
                    answer = await provider.answer(sent, self.client.send)
            return _storable(answer)
        except TimeoutError:
            return Failed("timeout", f"it did not answer within {timeout:g} s")
        except Unreachable as error:
            return Failed("unreachable", str(error))
        except TooLong:
            return Failed("bad_answer", "the answer is longer than 2 MiB")
        except BadAnswer as error:
            return Failed("bad_answer", outside.words(error))
        except Exception as error:
            return _broken(provider, error)

    async def _keep(
        self,
        provider: Provider,
        key: str,
        answer: Found | Miss | Failed,
        at: datetime,
        last: Entry | None,
    ) -> None:
        entry = cache.entry_of(provider, answer, at, last)
        if entry is None:
            return
        self._local.keep(key, entry)
        if self._shared is not None:
            await self._shared.put(key, provider.name, entry)

    def _gate(self, provider: Provider) -> asyncio.Semaphore:
        """Return the queue for a provider's places under way: one process asks for them in turn."""
        most = provider.settings.limits.concurrency or 1_000_000
        return self._gates.setdefault((provider.name, most), asyncio.Semaphore(most))


def _storable(answer: Answer) -> Answer:
    """Return an answer whose values can be kept. Raises `BadAnswer`."""
    if isinstance(answer, Found):
        said = dict(answer.values) | ({"record": answer.record} if answer.record else {})
        if fault := storable.fault(said):
            raise BadAnswer(f"{fault.path.strip('/')} {fault.message}")
    return answer


def _last_good(last: Entry | None, now: datetime) -> Lookup | None:
    """Return the values there were before, while they may be served."""
    if last is None or not isinstance(last.answer, Found) or now >= last.kept_until:
        return None
    return Lookup("", last.answer, last.at, kept="stale")


def _kept(provider: Provider, entry: Entry, now: datetime) -> Lookup:
    kept: Keep = "stale" if entry.is_stale(now) else "fresh"
    return Lookup(provider.name, entry.answer, entry.at, kept=kept)


def _broken(provider: Provider, error: Exception) -> Failed:
    # The error's words may hold what was asked or answered; where it stands in the code does not.
    log.error("provider broken", provider=provider.name, error=type(error).__name__)
    return Failed("broken", f"a fault in the provider's code ({type(error).__name__})")
