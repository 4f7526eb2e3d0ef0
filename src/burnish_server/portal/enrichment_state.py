"""How a provider stands: whether it is asked, and if not, why and until when; what it has spent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.utils import timezone

from burnish.enrichment.meter import Gauge
from burnish.enrichment.provider import Provider as Made
from burnish.enrichment.settings import Limits
from burnish_server.enrichment import gauges, store
from burnish_server.enrichment.models import Provider
from burnish_server.portal.pages import moment


@dataclass(frozen=True, slots=True)
class Spend:
    """What was spent of a budget, if there is one."""

    spent: Decimal
    budget: Decimal | None

    @property
    def share(self) -> float | None:
        """How much of the budget is spent, from 0 to 1."""
        if self.budget is None:
            return None
        return min(float(self.spent / self.budget), 1.0) if self.budget else 1.0

    def __str__(self) -> str:
        return money(self.spent) + (f" of {money(self.budget)}" if self.budget is not None else "")


@dataclass(frozen=True, slots=True)
class State:
    """A word, its colour, and a sentence; `lifts` is whether one may have it asked at once."""

    word: str
    colour: str
    why: str
    made: Made | None
    today: Spend
    month: Spend
    lifts: bool = False


def states() -> dict[str, State]:
    """Return the state of every provider, by name."""
    known, problems = gauges.current(), store.in_force().problems
    return {
        row.name: _state(row, known.get(row.name, Gauge()), problems)
        for row in Provider.objects.all()
    }


def money(amount: Decimal) -> str:
    """Return an amount without needless zeros, but with two decimals at least."""
    whole, _, part = f"{amount:f}".partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"


def _state(row: Provider, gauge: Gauge, problems: Mapping[str, str]) -> State:
    made = store.make(row)
    if isinstance(made, list):
        why = problems.get(row.name, "") or "; ".join(fault.message for fault in made)
        today, month = Spend(gauge.day_spend, None), Spend(gauge.month_spend, None)
        return State("Problem", "failed", why, None, today, month)
    limits = made.settings.limits
    word, colour, why = _word(made, gauge, limits)
    today = Spend(gauge.day_spend, limits.day_budget)
    month = Spend(gauge.month_spend, limits.month_budget)
    return State(word, colour, why, made, today, month, lifts=word in ("Blocked", "Resting"))


def _word(made: Made, gauge: Gauge, limits: Limits) -> tuple[str, str, str]:
    now = timezone.now().timestamp()
    if not made.settings.enabled:
        return "Disabled", "idle", "It is not asked."
    if now < gauge.blocked_until:
        why = f"The vendor {gauge.blocked_for}; nobody asks until {_at(gauge.blocked_until)}."
        return "Blocked", "denied", why
    if gauge.resting_until:
        return "Resting", "denied", _rest(gauge, now)
    if limits.daily is not None and gauge.day_count >= limits.daily:
        return "Used up", "denied", f"The {limits.daily} lookups of the day are made."
    for what, spent, budget in (
        ("day", gauge.day_spend, limits.day_budget),
        ("month", gauge.month_spend, limits.month_budget),
    ):
        if budget is not None and made.cost and spent + made.cost > budget:
            return "Used up", "denied", f"The {what}'s budget is spent."
    return "In use", "allowed", ""


def _rest(gauge: Gauge, now: float) -> str:
    if now < gauge.resting_until:
        until = _at(gauge.resting_until)
        return f"It failed {gauge.failures} times in a row; it is tried again at {until}."
    return "It failed too often; the next lookup tries it again."


def _at(seconds: float) -> str:
    return moment(datetime.fromtimestamp(seconds, UTC))
