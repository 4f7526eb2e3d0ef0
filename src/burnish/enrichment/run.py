"""A run: one go at filling one profile. It goes on in the background when nobody waits any more."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from burnish.enrichment.account import Account
from burnish.enrichment.lookup import Lookup, Lookups
from burnish.enrichment.outcome import Failed, Pending
from burnish.enrichment.provider import Provider
from burnish.enrichment.setup import Setup
from burnish.enrichment.waterfall import Waterfall
from burnish.profiles.document import Document, amend
from burnish.profiles.fact import Fact
from burnish.profiles.policy import policies


@dataclass(frozen=True, slots=True)
class Enriched:
    """What came of a run so far: new facts, the profile they add up to, and the account.

    `values` are effective values by attribute name. It is `complete` when nothing is under way;
    `again_in` is how many seconds later going on is worth while, where something has to wait.
    """

    run: str
    values: Mapping[str, Any]
    facts: tuple[Fact, ...]
    document: Document
    account: Account
    complete: bool
    again_in: float | None = None
    waiting_for: tuple[str, ...] = ()
    """Keys of the answers that have to be waited for."""
    settled: Mapping[str, str] = field(default_factory=dict)


class Run:
    """Goes down a waterfall: asks whoever is due, all at once, until nothing is wanted.

    It waits `patience` seconds in all for vendors that are still looking or have no place free,
    and gives them up then (`give_up`), or leaves them for another run.
    """

    def __init__(
        self,
        setup: Setup,
        lookups: Lookups,
        waterfall: Waterfall,
        document: Document,
        now: datetime,
        *,
        patience: float,
        give_up: bool,
        settled: Mapping[str, str],
    ) -> None:
        self.id = uuid4().hex
        self._again_in: float | None = None
        self._waiting_for: list[str] = []
        self._setup = setup
        self._lookups = lookups
        self._waterfall = waterfall
        self._document = document
        self._now = now
        self._until = time.monotonic() + patience
        self._give_up = give_up
        self._settled = settled
        self._done: list[Lookup] = []
        self._to_ask: list[Provider] = []
        self._complete = False

    async def go(self) -> Enriched:
        """Go down to the end, and return what came of it."""
        await self.descend()
        return self.enriched()

    async def descend(self) -> None:
        """Go down to the end."""
        under_way: set[asyncio.Task[tuple[Provider, Lookup]]] = set()
        try:
            while not self.at_once():
                if len(self._to_ask) == 1 and not under_way:
                    # Nobody else to wait for: no task is needed.
                    self._take(*await self._ask(self._to_ask.pop()))
                    continue
                under_way |= {asyncio.create_task(self._ask(one)) for one in self._to_ask}
                self._to_ask = []
                if not under_way:
                    break
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    self._take(*task.result())
        finally:
            for task in under_way:
                task.cancel()
        self._complete = True

    def at_once(self) -> bool:
        """Take what is known without asking anybody, and say whether that is all.

        Nobody needs an event loop for that.
        """
        while due := self._waterfall.due():
            for one in due:
                lookup = self._lookups.at_once(one, self._waterfall.known)
                if lookup is None:
                    self._to_ask.append(one)
                else:
                    self._take(one, lookup)
        self._complete = not self._waterfall.wanting
        return self._complete

    def enriched(self) -> Enriched:
        """Return what came of it so far."""
        facts = tuple(self._facts())
        schema = self._setup.schema
        ways = policies(schema) if schema else {}
        document = amend(self._document, facts, self._now, ways).document
        return Enriched(
            self.id,
            _values(document, self._setup),
            facts,
            document,
            self.account(),
            self._complete and self._again_in is None,
            self._again_in,
            tuple(self._waiting_for),
            self._settled,
        )

    async def _ask(self, provider: Provider) -> tuple[Provider, Lookup]:
        while True:
            lookup = await self._lookups.ask(provider, self._waterfall.known)
            wait = _wait(lookup)
            if wait is None or time.monotonic() + wait > self._until:
                return provider, lookup
            self._done.append(lookup)
            await asyncio.sleep(wait)

    def _take(self, provider: Provider, lookup: Lookup) -> None:
        wait = _wait(lookup)
        self._done.append(lookup)
        if wait is None:
            self._waterfall.told(provider.name, lookup.outcome)
        elif self._give_up:
            late = Failed("timeout", "it had no answer yet, and was waited for long enough")
            self._waterfall.told(provider.name, late)
        else:
            self._again_in = wait if self._again_in is None else min(self._again_in, wait)
            self._waiting_for.append(self._lookups.key(provider, self._waterfall.known))

    def _facts(self) -> list[Fact]:
        made: list[Fact] = []
        at = {lookup.provider: lookup.at for lookup in self._done}
        for attribute, taken in self._waterfall.taken.items():
            place = self._setup.place(attribute)
            if place is None:
                continue
            span = self._setup.providers[taken.provider].settings.expires_after
            observed_at = at[taken.provider]
            made.append(
                Fact(
                    *place,
                    taken.value,
                    f"provider:{taken.provider}",
                    observed_at,
                    taken.confidence,
                    observed_at + span if span else None,
                    self.id,
                )
            )
        return made

    def account(self) -> Account:
        """Return who was asked so far, and who was not."""
        gave: dict[str, tuple[str, ...]] = {}
        for attribute, taken in self._waterfall.taken.items():
            gave[taken.provider] = (*gave.get(taken.provider, ()), attribute)
        asked = {lookup.provider for lookup in self._done}
        skipped = tuple(
            Lookup(name, skip, self._now)
            for name, skip in self._waterfall.skipped.items()
            if name not in asked
        )
        return Account((*self._done, *skipped), gave, self._waterfall.refused)


def _wait(lookup: Lookup) -> float | None:
    """Return how many seconds later the answer may be there, or None where this is the end."""
    if isinstance(lookup.outcome, Pending):
        return lookup.outcome.retry_after
    return lookup.wait


def _values(document: Document, setup: Setup) -> dict[str, Any]:
    names = {one.id: one.name for one in setup.schema.custom} if setup.schema else {}
    custom = {names.get(key, key): value for key, value in document.custom.items()}
    return {**document.standard, **custom}
