"""What a project may settle about any provider: price, purposes, limits, how long answers last."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from burnish.consent.purpose import PERSONALIZATION, Name

_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "second": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "minute": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "hour": timedelta(hours=1),
    "d": timedelta(days=1),
    "day": timedelta(days=1),
}
_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*([a-z]+)")
_RATE = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*/\s*([a-z]+)")


def span(value: Any) -> Any:
    """Read `300 ms`, `2 s`, `15 minutes`, `12 h`, `30 days` or `0`."""
    if isinstance(value, timedelta):
        return value
    text = str(value).strip().lower()
    if text == "0":
        return timedelta(0)
    match = _SPAN.fullmatch(text)
    unit = match and (_UNITS.get(match[2]) or _UNITS.get(match[2].removesuffix("s")))
    if not match or not unit:
        raise ValueError("write a time with its unit, such as 300 ms, 2 s, 15 minutes or 30 days")
    return float(match[1]) * unit


def span_text(value: timedelta) -> str:
    """Return a span in the largest unit that keeps it whole."""
    for unit in ("day", "hour", "minute", "s", "ms"):
        count = value / _UNITS[unit]
        if value and count.is_integer():
            plural = "s" if count != 1 and len(unit) > 2 else ""
            return f"{count:.0f} {unit}{plural}"
    return f"{value / _UNITS['s']:g} s" if value else "0"


@dataclass(frozen=True, slots=True)
class Pace:
    """So many in so many seconds."""

    count: float
    seconds: float

    def __str__(self) -> str:
        units = {_UNITS[name].total_seconds(): name for name in ("s", "minute", "hour", "day")}
        return f"{self.count:g}/{units.get(self.seconds, f'{self.seconds:g} s')}"


def pace(value: Any) -> Any:
    """Read `10/s`, `600/minute`, `1000/hour`."""
    if isinstance(value, Pace):
        return value
    match = _RATE.fullmatch(str(value).strip().lower())
    unit = match and (_UNITS.get(match[2]) or _UNITS.get(match[2].removesuffix("s")))
    if not match or not unit or not float(match[1]):
        raise ValueError("write a rate such as 10/s, 600/minute or 1000/hour")
    return Pace(float(match[1]), unit.total_seconds())


Span = Annotated[
    timedelta, BeforeValidator(span), PlainSerializer(span_text), Field(ge=timedelta(0))
]
Rate = Annotated[Pace, BeforeValidator(pace), PlainSerializer(str)]
Money = Annotated[
    Decimal,
    Field(ge=0, max_digits=12, decimal_places=6),
    PlainSerializer(lambda amount: f"{amount:f}"),
]
Confidence = Annotated[float, Field(ge=0, le=1)]
WhenReached = Literal["skip", "wait"]


class Section(BaseModel):
    """A group of settings; a misspelt name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Limits(Section):
    """How often a provider may be asked, by all processes together; none means no limit.

    What is over a limit is left (`skip`) or waits in the background (`wait`).
    """

    rate: Rate | None = None
    """Lookups by time: 10/s, 600/minute."""
    when_rate: WhenReached = "wait"
    """What becomes of what is over the rate."""
    concurrency: int | None = Field(default=None, ge=1, le=10_000)
    """Lookups under way at a time."""
    when_concurrency: WhenReached = "wait"
    """What becomes of what is over the concurrency."""
    daily: int | None = Field(default=None, ge=0)
    """Lookups a day (UTC)."""
    when_daily: WhenReached = "skip"
    """What becomes of what is over the day's lookups."""
    day_budget: Money | None = None
    """Money a day (UTC), in the currency prices are in."""
    month_budget: Money | None = None
    """Money a month (UTC)."""
    when_budget: WhenReached = "skip"
    """What becomes of what is over a budget."""


class Keeping(Section):
    """How long answers are kept, so that the same question is not asked again."""

    found: Span = timedelta(days=30)
    """An answer that holds values."""
    miss: Span = timedelta(days=7)
    """An answer that says there is nothing."""
    error: Span = timedelta(minutes=1)
    """No answer: until then the question is not tried again."""
    last_good: Span = timedelta(days=90)
    """A found answer beyond its time, for when there is no new one."""


class Settings(Section):
    """What a project may settle about a provider; each kind adds its own."""

    enabled: bool = True
    """Whether it is asked at all."""
    purposes: tuple[Name, ...] = (PERSONALIZATION,)
    """What its values are used for; all must be allowed by the person or by their basis."""
    price: Money | None = None
    """What a found answer costs; none means what the provider usually costs."""
    timeout: Span = timedelta(seconds=10)
    """How long one lookup may take, in the background too."""
    confidence: Confidence | None = None
    """How sure its values are, at most."""
    expires_after: Span | None = timedelta(days=180)
    """How long its values hold in a profile; none means for ever."""
    limits: Limits = Limits()
    """How often it may be asked."""
    cache: Keeping = Keeping()
    """How long its answers are kept."""
