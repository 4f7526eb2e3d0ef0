"""The account of an enrichment: who was asked, what came of it, how long it took, what it cost."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from burnish.enrichment.lookup import Lookup
from burnish.enrichment.outcome import Failed, Found, Miss, Pending, Skipped


@dataclass(frozen=True, slots=True)
class Account:
    """All lookups of one enrichment, those not made too. It holds no value of any attribute.

    `gave` says which attributes a provider filled, `refused` which of its values were not taken,
    each with a sentence.
    """

    lookups: tuple[Lookup, ...] = ()
    gave: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refused: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        """How many providers were asked for this; found + missed + failed."""
        return sum(self._ended().values())

    @property
    def found(self) -> int:
        """How many of those gave values."""
        return self._ended()["found"]

    @property
    def missed(self) -> int:
        """How many of those knew nothing."""
        return self._ended()["miss"]

    @property
    def failed(self) -> int:
        """How many of those gave no answer."""
        return self._ended()["failed"]

    @property
    def kept(self) -> int:
        """How many answers were there already."""
        return sum(bool(lookup.kept) for lookup in self.lookups)

    @property
    def cost(self) -> Decimal:
        """What was spent."""
        return sum((lookup.cost for lookup in self.lookups), Decimal(0))

    def as_json(self) -> list[dict[str, Any]]:
        """Return a line a lookup, as it is shown and stored."""
        return [self._line(lookup) for lookup in self.lookups]

    def _ended(self) -> Counter[str]:
        return Counter(kind_of(lookup) for lookup in self.lookups if lookup.asked)

    def _line(self, lookup: Lookup) -> dict[str, Any]:
        outcome, trouble = lookup.outcome, lookup.trouble
        said = trouble or (outcome if isinstance(outcome, Failed | Skipped) else None)
        line = {
            "provider": lookup.provider,
            "outcome": _word(lookup),
            "reason": said.reason if said else "",
            "detail": said.detail if said else "",
            "gave": list(self.gave.get(lookup.provider, ())),
            "refused": dict(self.refused.get(lookup.provider, {})),
            "ms": round(lookup.ms, 3),
            "cost": str(lookup.cost),
            "kept": lookup.kept,
            "asked": lookup.asked,
            "at": lookup.at.isoformat(),
        }
        return line


def kind_of(lookup: Lookup) -> str:
    """Return how asking ended: `found`, `miss`, `failed`, `pending` or `skipped`."""
    if lookup.trouble is not None:
        return "failed" if isinstance(lookup.trouble, Failed) else "skipped"
    return _word(lookup)


def _word(lookup: Lookup) -> str:
    match lookup.outcome:
        case Found():
            return "found"
        case Miss():
            return "miss"
        case Pending():
            return "pending"
        case Failed():
            return "failed"
        case Skipped():
            return "skipped"
