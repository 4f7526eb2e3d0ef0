"""The money a run may spend, and patience with vendors that want a pause or are away."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from burnish.enrichment.files.fault import Unusable
from burnish.enrichment.files.journal import Journal
from burnish.enrichment.meter import (
    FAILURES,
    LONGEST_QUEUE,
    OF_THE_VENDOR,
    Leave,
    Meter,
    Permit,
    Rest,
    Wait,
    now,
)
from burnish.enrichment.outcome import Answer, Failed, Skipped
from burnish.enrichment.pace import Pacer
from burnish.enrichment.settings import Limits

REST = Rest(first=1.0, longest=15.0)
"""How long a vendor that is away is left alone: a run has nobody else to serve."""

LONGEST_OUTAGE = 900.0
"""Seconds a run waits for a vendor that gives no answer at all, or wants a pause."""

PASSING = frozenset({"timeout", "unreachable", "unavailable", "throttled"})
"""Failures that are over some time; whoever met them is asked again."""

ENDINGS = {
    "unauthorized": "does not accept the key; correct it",
    "out_of_credits": "says that the credits are used up; buy more",
}
"""Failures that no waiting ends, and what to do."""

_GLANCE = 0.02
_LONGEST_GLANCE = 0.5


class Halted(Unusable):
    """Going on would only lose rows: a vendor does not answer, and waiting does not help."""

    code = "halted"


class Purse:
    """A meter that gives no leave to ask for money there is not.

    What hinders for less than a minute is waited for: nobody stands at a counter here. So is a
    vendor that is away, or wants a pause, for `outage` seconds; `halted` is why the run cannot go
    on then, or once a vendor refuses the key or has no credits left. `say` is told in a sentence
    what is waited for.
    """

    def __init__(
        self,
        meter: Meter,
        journal: Journal,
        budget: Decimal | None,
        say: Callable[[str], None] = lambda words: None,
        outage: float = LONGEST_OUTAGE,
    ) -> None:
        """Go on from what the run has spent so far."""
        self.spent = journal.spent()
        self.used_up = 0
        """How many lookups were not made for want of money."""
        self.halted: Halted | None = None
        self._say = say
        self._outage = outage
        self._failures: Counter[str] = Counter()
        self._latest: dict[str, str] = {}
        """What each vendor failed with last."""
        self._waiting_since: dict[str, float] = {}
        self._set_aside = Decimal(0)
        self._meter = meter
        self.is_immediate = meter.is_immediate
        self._journal = journal
        self._budget = budget
        self._pacer = Pacer()
        self._turn = asyncio.Lock()
        self._landed = asyncio.Event()

    def is_away(self, provider: str) -> bool:
        """Say whether a vendor gave no answer so often that it gives none to anybody."""
        return self._failures[provider] >= FAILURES

    async def admit(self, provider: str, limits: Limits, price: Decimal, timeout: float) -> Leave:
        """Return leave to ask, or why there is none."""
        if self.halted:
            return Skipped("limited", str(self.halted))
        if price and not await self._has(price):
            self.used_up += 1
            return Skipped("over_budget", f"the run's budget of {self._budget} is used up")
        leave = await self._meter.admit(provider, limits, price, timeout)
        if isinstance(leave, Permit):
            if limits.rate:
                await asyncio.sleep(max(leave.at - now(), 0.0))
                await self._pacer.go(provider, limits.rate)
            if price:
                self._journal.takes_off(leave.token, price)
            return leave
        self._give_back(price)
        return self._patient(provider, leave)

    async def settle(self, provider: str, permit: Permit, answer: Answer, spent: Decimal) -> None:
        """Note what a permit came to."""
        if permit.price:
            self.spent += spent
            self._give_back(permit.price)
            self._journal.lands(permit.token, spent)
        self._note(provider, answer)
        await self._meter.settle(provider, permit, answer, spent)

    def _note(self, provider: str, answer: Answer) -> None:
        """Note whether the vendor is there, and whether going on makes sense."""
        if not isinstance(answer, Failed):
            self._failures[provider] = 0
            if self._waiting_since.pop(provider, None) is not None:
                self._say(f"{provider} answers again; going on.")
        elif answer.reason in PASSING:
            self._failures[provider] += 1
            self._latest[provider] = answer.detail
        elif words := ENDINGS.get(answer.reason):
            self._halt(f"{provider} {words}", answer.detail)

    def _patient(self, provider: str, leave: Wait | Skipped) -> Leave:
        """Return how long to wait before looking again where waiting helps."""
        match leave:
            case Skipped(reason="breaker_open", detail=detail, until=float(seconds)):
                return self._wait(provider, detail, seconds)
            case Skipped(reason="limited", detail=detail, until=float(seconds)):
                if detail.startswith(OF_THE_VENDOR):
                    return self._wait(provider, detail, seconds)
                if seconds <= LONGEST_QUEUE:
                    return Wait(max(seconds, _GLANCE), detail)
        return leave

    def _wait(self, provider: str, detail: str, seconds: float) -> Leave:
        """Wait for a vendor, unless that has taken or would take too long."""
        if provider not in self._waiting_since:
            self._waiting_since[provider] = time.monotonic()
            latest = self._latest.get(provider)
            self._say(f"Waiting for {provider}: {detail}{f' ({latest})' if latest else ''}.")
        waited = time.monotonic() - self._waiting_since[provider]
        pause = seconds if detail.startswith(OF_THE_VENDOR) else 0.0
        if waited + pause > self._outage:
            minutes = max(waited, pause) / 60
            words = f"{provider} gives no answer, for {minutes:,.0f} minutes and more"
            self._halt(words, self._latest.get(provider) or detail)
            return Skipped("limited", detail)
        return Wait(min(max(seconds, _GLANCE), _LONGEST_GLANCE), detail)

    def _halt(self, words: str, detail: str) -> None:
        self.halted = self.halted or Halted(f"{words} ({detail})." if detail else f"{words}.")

    async def _has(self, price: Decimal) -> bool:
        """Set a price aside, once it is sure whether that much is left; who came first, first."""
        async with self._turn:
            while self._budget is not None:
                if self.spent + price > self._budget:
                    return False
                if self.spent + self._set_aside + price <= self._budget:
                    break
                self._landed.clear()
                await self._landed.wait()
            self._set_aside += price
            return True

    def _give_back(self, price: Decimal) -> None:
        self._set_aside -= price
        self._landed.set()
