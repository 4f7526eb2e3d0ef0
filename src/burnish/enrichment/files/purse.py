"""The money a run may spend, and patience with vendors that want a pause."""

import asyncio
from decimal import Decimal

from burnish.enrichment.files.journal import Journal
from burnish.enrichment.meter import LONGEST_QUEUE, Leave, Meter, Permit, Wait, now
from burnish.enrichment.outcome import Answer, Skipped
from burnish.enrichment.pace import Pacer
from burnish.enrichment.settings import Limits

_GLANCE = 0.02
_WORTH_WAITING = ("breaker_open", "limited")


class Purse:
    """A meter that gives no leave to ask for money there is not.

    What hinders for less than a minute is waited for: nobody stands at a counter here.
    """

    def __init__(self, meter: Meter, journal: Journal, budget: Decimal | None) -> None:
        """Go on from what the run has spent so far."""
        self.spent = journal.spent()
        self.used_up = 0
        """How many lookups were not made for want of money."""
        self._set_aside = Decimal(0)
        self._meter = meter
        self.is_immediate = meter.is_immediate
        self._journal = journal
        self._budget = budget
        self._pacer = Pacer()
        self._turn = asyncio.Lock()
        self._landed = asyncio.Event()

    async def admit(self, provider: str, limits: Limits, price: Decimal, timeout: float) -> Leave:
        """Return leave to ask, or why there is none."""
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
        match leave:
            case Skipped(reason=reason, detail=detail, until=float(seconds)) if (
                reason in _WORTH_WAITING and seconds <= LONGEST_QUEUE
            ):
                return Wait(max(seconds, _GLANCE), detail)
        return leave

    async def settle(self, provider: str, permit: Permit, answer: Answer, spent: Decimal) -> None:
        """Note what a permit came to."""
        if permit.price:
            self.spent += spent
            self._give_back(permit.price)
            self._journal.lands(permit.token, spent)
        await self._meter.settle(provider, permit, answer, spent)

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
