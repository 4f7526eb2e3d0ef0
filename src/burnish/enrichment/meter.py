"""How often a provider may be asked: one gauge a provider, and the pure rules that move it.

A gauge is shared by all processes. Where it is kept is for others to say: in memory (`Meter` here)
or in a database.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol, Self, TypeAlias
from uuid import uuid4

from burnish.enrichment.outcome import Answer, Failed, Found, Miss, Pending, Skipped, Trouble
from burnish.enrichment.settings import Limits

CAUTION = 0.96
"""The share of a vendor's rate that is used, for requests do not travel equally fast."""

LONGEST_QUEUE = 60.0
"""Seconds of waiting for which a place in the rate is kept; who would wait longer comes again."""

FAILURES = 5
"""Failures in a row after which a provider is left alone."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Seconds for which a provider is left alone the first time, and at most.

    Each probe that fails doubles them.
    """

    first: float = 15.0
    longest: float = 600.0


REST = Rest()
"""How long a service leaves a provider alone."""

BLOCKS: Mapping[Trouble, float] = {
    "unauthorized": 300.0,
    "out_of_credits": 3600.0,
    "throttled": 1.0,
}
"""Seconds for which nobody asks after such an answer, where the vendor names no time itself."""

OF_THE_VENDOR = "the vendor"
"""What the detail begins with where the vendor hinders, and no limit of ours."""

FAULTS = frozenset({"timeout", "unreachable", "unavailable", "bad_answer"})
"""What counts as a failure of the vendor."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to ask at a moment, which is now or soon.

    `price` has been set aside for it, on that day.
    """

    token: str
    at: float
    price: Decimal
    day: str


@dataclass(frozen=True, slots=True)
class Wait:
    """No leave yet; ask again in so many seconds."""

    seconds: float
    detail: str


Leave: TypeAlias = Permit | Wait | Skipped


@dataclass(slots=True)
class Gauge:
    """What is to be remembered of a provider. Times are Unix seconds, money has its decimals.

    `free_at` is when the next place in the rate is free, `flights` are lookups under way with the
    moment at which they are given up for lost.
    """

    free_at: float = 0.0
    day: str = ""
    day_count: int = 0
    day_spend: Decimal = Decimal(0)
    month: str = ""
    month_spend: Decimal = Decimal(0)
    flights: dict[str, float] = field(default_factory=dict)
    blocked_until: float = 0.0
    blocked_for: str = ""
    failures: int = 0
    rests: int = 0
    resting_until: float = 0.0
    probing_until: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Return what is stored."""
        stored = asdict(self)
        return stored | {name: str(stored[name]) for name in ("day_spend", "month_spend")}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return the gauge that was stored."""
        money = {
            name: Decimal(stored[name]) for name in ("day_spend", "month_spend") if name in stored
        }
        return cls(**{**stored, **money})

    def turn(self, now: float) -> None:
        """Begin a new day or month where one has begun."""
        today = datetime.fromtimestamp(now, UTC).date()
        if self.day != f"{today}":
            self.day, self.day_count, self.day_spend = f"{today}", 0, Decimal(0)
        if self.month != f"{today:%Y-%m}":
            self.month, self.month_spend = f"{today:%Y-%m}", Decimal(0)


class Meter(Protocol):
    """Gives leave to ask, and is told what came of it."""

    is_immediate: bool
    """Whether settling never waits, so that nothing can interrupt it."""

    async def admit(self, provider: str, limits: Limits, price: Decimal, timeout: float) -> Leave:
        """Return leave to ask, or why there is none."""

    async def settle(self, provider: str, permit: Permit, answer: Answer, spent: Decimal) -> None:
        """Take back what a permit had set aside, and note what was spent and what went wrong."""


class LocalMeter:
    """A meter of one process."""

    is_immediate = True

    def __init__(self, rest: Rest = REST) -> None:
        """Leave a provider that failed too often alone for so long."""
        self.gauges: dict[str, Gauge] = {}
        self._rest = rest

    async def admit(self, provider: str, limits: Limits, price: Decimal, timeout: float) -> Leave:
        """Return leave to ask, or why there is none."""
        gauge = self.gauges.setdefault(provider, Gauge())
        return admit(gauge, limits, price, timeout, now())

    async def settle(self, provider: str, permit: Permit, answer: Answer, spent: Decimal) -> None:
        """Note what came of a permit."""
        gauge = self.gauges.setdefault(provider, Gauge())
        settle(gauge, permit, answer, spent, now(), self._rest)


def now() -> float:
    """Return the Unix time in seconds."""
    return datetime.now(UTC).timestamp()


def admit(gauge: Gauge, limits: Limits, price: Decimal, timeout: float, now: float) -> Leave:
    """Give leave to ask and set aside what that takes, or say what hinders it."""
    gauge.turn(now)
    if now < gauge.blocked_until:
        words = f"{OF_THE_VENDOR} {gauge.blocked_for}"
        return Skipped("limited", words, gauge.blocked_until - now)
    if gauge.resting_until and now < max(gauge.resting_until, gauge.probing_until):
        seconds = max(gauge.resting_until, gauge.probing_until) - now
        return Skipped("breaker_open", "it failed too often, and is left alone", seconds)
    if refusal := _exhausted(gauge, limits, price, now):
        return refusal
    gauge.flights = {token: until for token, until in gauge.flights.items() if now < until}
    if limits.concurrency and len(gauge.flights) >= limits.concurrency:
        words = f"{limits.concurrency} lookups are under way"
        if limits.when_concurrency == "skip":
            return Skipped("limited", words, 1.0)
        return Wait(0.05, words)
    at = _place(gauge, limits, now)
    if at - now > (0.0 if limits.when_rate == "skip" else LONGEST_QUEUE):
        words = f"more than {limits.rate}"
        if limits.when_rate == "skip":
            return Skipped("limited", words, at - now)
        return Wait(at - now - LONGEST_QUEUE / 2, words)
    if limits.rate:
        gauge.free_at = max(gauge.free_at, _earliest(limits, now)) + _step(limits)
    if gauge.resting_until:
        gauge.probing_until = now + timeout
    token = uuid4().hex[:12]
    if limits.concurrency:
        gauge.flights[token] = at + timeout + 5.0
    gauge.day_count += 1
    gauge.day_spend += price
    gauge.month_spend += price
    return Permit(token, at, price, gauge.day)


def settle(
    gauge: Gauge,
    permit: Permit,
    answer: Answer,
    spent: Decimal,
    now: float,
    rest: Rest = REST,
) -> None:
    """Move the gauge by what came of a permit.

    What was under way when a rest began fails in its course: that is no probe, and does not make
    the rest longer.
    """
    gauge.turn(now)
    gauge.flights.pop(permit.token, None)
    unspent = permit.price - spent
    if permit.day == gauge.day:
        gauge.day_spend -= unspent
    if permit.day[:7] == gauge.month:
        gauge.month_spend -= unspent
    match answer:
        case Found() | Miss() | Pending():
            gauge.failures = gauge.rests = 0
            gauge.resting_until = gauge.probing_until = 0.0
        case Failed(reason=reason) if reason in BLOCKS:
            seconds = answer.retry_after if answer.retry_after is not None else BLOCKS[reason]
            if now + seconds > gauge.blocked_until:
                gauge.blocked_until, gauge.blocked_for = now + seconds, _WORDS[reason]
        case Failed(reason=reason) if reason in FAULTS:
            gauge.failures += 1
            if now >= gauge.resting_until and (gauge.resting_until or gauge.failures >= FAILURES):
                gauge.probing_until = 0.0
                gauge.resting_until = now + min(rest.first * 2**gauge.rests, rest.longest)
                gauge.rests += 1
            if answer.retry_after:
                gauge.blocked_until = max(gauge.blocked_until, now + answer.retry_after)
                gauge.blocked_for = "asked for a pause"
        case _:
            gauge.probing_until = 0.0


_WORDS: Mapping[Trouble, str] = {
    "unauthorized": "does not accept the key",
    "out_of_credits": "says that the credits are used up",
    "throttled": "asked for a pause",
}


def _exhausted(gauge: Gauge, limits: Limits, price: Decimal, now: float) -> Skipped | Wait | None:
    """Say whether the day's lookups or a budget are used up."""
    if limits.daily is not None and gauge.day_count >= limits.daily:
        words, until = f"the {limits.daily} lookups of the day are used up", _tomorrow(now)
        if limits.when_daily == "skip":
            return Skipped("limited", words, until - now)
        return Wait(until - now, words)
    for budget, spend, until, word in (
        (limits.day_budget, gauge.day_spend, _tomorrow(now), "day"),
        (limits.month_budget, gauge.month_spend, _next_month(now), "month"),
    ):
        if budget is not None and price and spend + price > budget:
            words = f"the {word}'s budget of {budget} is used up"
            if limits.when_budget == "skip":
                return Skipped("over_budget", words, until - now)
            return Wait(until - now, words)
    return None


def _tomorrow(now: float) -> float:
    day = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (day + timedelta(days=1)).timestamp()


def _next_month(now: float) -> float:
    first = datetime.fromtimestamp(now, UTC).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    return (first + timedelta(days=32)).replace(day=1).timestamp()


def _burst(limits: Limits) -> float:
    """Return how many lookups may come at once; by the second none, which vendors count most."""
    assert limits.rate  # noqa: S101 - asked only then
    return limits.rate.count // 10 if limits.rate.seconds > 1 else 0.0


def _step(limits: Limits) -> float:
    """Return the seconds from one place in the rate to the next."""
    assert limits.rate  # noqa: S101 - asked only then
    return limits.rate.seconds / max(limits.rate.count * CAUTION - _burst(limits), 0.5)


def _earliest(limits: Limits, now: float) -> float:
    """Return since when places may have been saved up."""
    return now - _burst(limits) * _step(limits)


def _place(gauge: Gauge, limits: Limits, now: float) -> float:
    if not limits.rate:
        return now
    return max(gauge.free_at, now)
