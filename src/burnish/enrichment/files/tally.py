"""What came of enriching so far, in numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from burnish.enrichment.account import kind_of
from burnish.enrichment.lookup import Lookup
from burnish.enrichment.outcome import Skipped


@dataclass(slots=True)
class Tally:
    """Rows read well, rows that were not, values wanted, found and there already, and lookups.

    `filled` counts by attribute. `lookups` counts by provider and word: found, miss and failed
    are what was asked, kept is what was known before, skipped:REASON what was not asked, and
    unanswered what may have an answer later.
    """

    rows: int = 0
    broken: int = 0
    noted: int = 0
    wanted: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    lookups: Counter[tuple[str, str]] = field(default_factory=Counter)
    cost: Decimal = Decimal(0)

    def add(self, other: Self) -> None:
        """Add another tally to this one."""
        self.rows += other.rows
        self.broken += other.broken
        self.noted += other.noted
        self.wanted += other.wanted
        self.filled.update(other.filled)
        self.lookups.update(other.lookups)
        self.cost += other.cost

    def take(self, lookups: Iterable[Lookup]) -> None:
        """Count lookups."""
        for lookup in lookups:
            self.lookups[lookup.provider, _word(lookup)] += 1
            self.cost += lookup.cost

    def skip(self, skipped: Mapping[str, Skipped]) -> None:
        """Count providers that were not asked."""
        for name, skip in skipped.items():
            self.lookups[name, f"skipped:{skip.reason}"] += 1

    def give_up(self, providers: Iterable[str]) -> None:
        """Count providers that gave no answer however often they were asked."""
        for name in providers:
            self.lookups[name, "unanswered"] += 1

    @property
    def hit_rate(self) -> float:
        """The share of wanted values that were found."""
        return self.filled.total() / self.wanted if self.wanted else 0.0

    def count(self, *words: str) -> int:
        """Return how many lookups ended with one of these words."""
        return sum(count for (_, word), count in self.lookups.items() if word in words)

    def as_json(self) -> dict[str, Any]:
        """Return what is stored."""
        return {
            "rows": self.rows,
            "broken": self.broken,
            "noted": self.noted,
            "wanted": self.wanted,
            "filled": dict(self.filled),
            "lookups": [[*key, count] for key, count in self.lookups.items()],
            "cost": str(self.cost),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return the tally that was stored."""
        lookups = {(provider, word): count for provider, word, count in stored["lookups"]}
        counts = {name: stored[name] for name in ("rows", "broken", "noted", "wanted")}
        filled = Counter(stored["filled"])
        return cls(**counts, filled=filled, lookups=Counter(lookups), cost=Decimal(stored["cost"]))


def _word(lookup: Lookup) -> str:
    if lookup.asked:
        return kind_of(lookup)
    if isinstance(lookup.outcome, Skipped):
        return f"skipped:{lookup.outcome.reason}"
    return "kept"
