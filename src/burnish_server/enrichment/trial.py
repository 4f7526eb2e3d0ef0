"""Trying a provider: it is asked for real, and nothing is written to any profile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from burnish.enrichment.account import Account
from burnish.enrichment.inputs import Known
from burnish.enrichment.lookup import Lookup
from burnish.enrichment.outcome import Found
from burnish.enrichment.provider import Provider
from burnish.errors import BurnishError
from burnish_server import engine
from burnish_server.enrichment import asking, models

PATIENCE = 15.0
"""Seconds to wait beyond a lookup's own time, for a place in the rate."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it: the lookup, and its line without values."""

    lookup: Lookup
    line: Mapping[str, Any]

    @property
    def values(self) -> dict[str, Any]:
        """What was found, by output."""
        outcome = self.lookup.outcome
        return dict(outcome.values) if isinstance(outcome, Found) else {}


def of(made: Provider, known: Known, *, anew: bool, also: Callable[[], object]) -> Tried | None:
    """Ask a provider, `anew` even where an answer is kept, and note it; None if it took too long.

    `also` is called in the transaction that notes it. Nothing that was asked with is kept.
    """
    lookups = asking.lookups()
    seconds = made.settings.timeout.total_seconds() + PATIENCE
    try:
        lookup = engine.run(lambda _: lookups.ask(made, known, anew=anew), timeout=seconds)
    except BurnishError:
        return None
    line = Account((lookup,)).as_json()[0]
    with transaction.atomic():
        _note(line, made)
        also()
    return Tried(lookup, line)


def _note(line: Mapping[str, Any], made: Provider) -> None:
    models.Lookup.objects.create(
        provider=made.name,
        outcome=line["outcome"],
        reason=line["reason"],
        detail=line["detail"][:500],
        asked=line["asked"],
        kept=line["kept"],
        ms=line["ms"],
        cost=line["cost"],
    )
