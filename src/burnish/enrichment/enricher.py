"""The face of this room: fill a profile, or say what would be asked for it."""

import asyncio
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from anyio.from_thread import BlockingPortal, start_blocking_portal

from burnish.enrichment import fragment
from burnish.enrichment import inputs as asked_with
from burnish.enrichment import plan as plans
from burnish.enrichment.lookup import Lookups
from burnish.enrichment.plan import Plan
from burnish.enrichment.run import Enriched, Run
from burnish.enrichment.setup import Setup
from burnish.enrichment.waterfall import Waterfall
from burnish.outbound import Outbound
from burnish.profiles.document import Document

PATIENCE = 60.0
"""Seconds to wait, within a run, for vendors that are still looking."""

EMPTY = Document()


class Enricher:
    """Fills profiles from the providers of a setup. Belongs to the event loop that uses it.

    ```python
    async with Enricher.from_config("burnish.yaml") as enricher:
        profile = await enricher.enrich({"ip": "203.0.113.40"}, want={"city"})
    ```
    """

    def __init__(self, setup: Setup, lookups: Lookups | None = None) -> None:
        """Keep the setup. Without `lookups` this process is alone, and remembers by itself."""
        self.setup = setup
        self.lookups = lookups or Lookups(Outbound())

    @classmethod
    def from_config(cls, path: str | Path, lookups: Lookups | None = None) -> Self:
        """Return an enricher set up by a file; `${NAME}` in it stands for a variable's value.

        Private addresses and rewritten origins are those of `BURNISH_OUTBOUND_ALLOW_PRIVATE` and
        `BURNISH_OUTBOUND_REWRITES`. Raises `InvalidSettings` with all that is wrong.
        """
        setup = fragment.load(Path(path), os.environ.get)
        return cls(setup, lookups or Lookups(Outbound.of_environment()))

    async def enrich(
        self,
        given: Mapping[str, Any],
        want: Iterable[str] | None = None,
        *,
        document: Document = EMPTY,
        granted: Collection[str] = (),
        within: timedelta | None = None,
        patience: float = PATIENCE,
        now: datetime | None = None,
    ) -> Enriched:
        """Ask who is worth asking, and return what they said.

        `given` is what to ask with (`ip`, `email`, `company_domain`...), `want` the attributes
        that are wanted: all that have a waterfall if None. `document` is the profile so far,
        `granted` the purposes its person consented to. After `within` what is there by then is
        returned, and the rest is given up; without it, everybody is waited for.
        """
        run = self.begin(given, want, document, granted, patience=patience, give_up=True, now=now)
        task = asyncio.create_task(run.go())
        try:
            seconds = None if within is None else within.total_seconds()
            done, _ = await asyncio.wait({task}, timeout=seconds)
            return task.result() if done else run.enriched()
        finally:
            task.cancel()

    def begin(
        self,
        given: Mapping[str, Any],
        want: Iterable[str] | None,
        document: Document,
        granted: Collection[str],
        *,
        patience: float,
        give_up: bool,
        now: datetime | None = None,
    ) -> Run:
        """Return a run that is ready to go; the caller decides how long to wait for it."""
        at = now or datetime.now(UTC)
        inputs = asked_with.read(given)
        wish = plans.wish(self.setup, self._want(want), document, at)
        waterfall = Waterfall(
            wish.wanted,
            inputs.known,
            self.setup.providers,
            plans.may(self.setup, document, granted),
            self.setup.refuse,
            inputs.unfit,
        )
        return Run(
            self.setup,
            self.lookups,
            waterfall,
            document,
            at,
            patience=patience,
            give_up=give_up,
            settled=wish.settled,
        )

    def explain(
        self,
        given: Mapping[str, Any],
        want: Iterable[str] | None = None,
        *,
        document: Document = EMPTY,
        granted: Collection[str] = (),
        now: datetime | None = None,
    ) -> Plan:
        """Return whom `enrich` would ask, in which order, and whom not and why. Asks nobody."""
        at = now or datetime.now(UTC)
        wish = plans.wish(self.setup, self._want(want), document, at)
        return plans.explain(self.setup, asked_with.read(given), wish, document, granted)

    async def close(self) -> None:
        """Close the connections."""
        await self.lookups.close()
        for provider in self.setup.providers.values():
            await provider.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def _want(self, want: Iterable[str] | None) -> list[str]:
        return list(dict.fromkeys(self.setup.waterfalls if want is None else want))


class SyncEnricher:
    """An enricher for programs without an event loop: the same one, on a loop in a thread."""

    def __init__(self, enricher: Enricher, portal: BlockingPortal) -> None:
        self._enricher = enricher
        self._portal = portal

    def enrich(
        self, given: Mapping[str, Any], want: Iterable[str] | None = None, **how: Any
    ) -> Enriched:
        """Do what `Enricher.enrich` does, and wait for it."""
        return self._portal.call(lambda: self._enricher.enrich(given, want, **how))

    def explain(
        self, given: Mapping[str, Any], want: Iterable[str] | None = None, **how: Any
    ) -> Plan:
        """Do what `Enricher.explain` does."""
        return self._enricher.explain(given, want, **how)


@contextmanager
def waiting(enricher: Enricher) -> Iterator[SyncEnricher]:
    """Lend an enricher to a program without an event loop, and close it at the end."""
    with start_blocking_portal() as portal:
        try:
            yield SyncEnricher(enricher, portal)
        finally:
            portal.call(enricher.close)
