"""Figures of lookups in a stretch of time until now: by provider, by reason, and over that time.

A lookup is *asked* where the provider itself was asked for it and has answered or failed. Its hit
rate is how many of those were found; answers that were kept already count apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection

from burnish_server.enrichment.models import Lookup

LAST = 100
"""How many of the last lookups are listed."""

_BY_PROVIDER = """
SELECT provider,
    count(*) FILTER (WHERE asked AND outcome <> 'pending'),
    count(*) FILTER (WHERE asked AND outcome = 'found' AND kept = ''),
    count(*) FILTER (WHERE asked AND outcome = 'miss'),
    count(*) FILTER (WHERE asked AND (outcome = 'failed' OR kept = 'stale')),
    count(*) FILTER (WHERE kept = 'fresh'),
    count(*) FILTER (WHERE outcome = 'skipped'),
    coalesce(sum(cost), 0),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE asked),
    percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) FILTER (WHERE asked)
FROM enrichment_lookup WHERE at >= %s GROUP BY provider ORDER BY provider
"""

_REASONS = """
SELECT provider, asked, reason, count(*) FROM enrichment_lookup
WHERE at >= %s AND reason <> '' GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 3
"""

_OVER_TIME = """
SELECT least(floor(extract(epoch FROM at - %s) / %s)::int, %s),
    count(*) FILTER (WHERE asked AND outcome = 'found' AND kept = ''),
    count(*) FILTER (WHERE asked AND outcome = 'miss'),
    count(*) FILTER (WHERE asked AND (outcome = 'failed' OR kept = 'stale')),
    count(*) FILTER (WHERE kept = 'fresh')
FROM enrichment_lookup WHERE at >= %s AND outcome <> 'skipped' GROUP BY 1
"""

_LAST_ERRORS = """
SELECT name, error.reason, error.detail, error.at
FROM unnest(%s::text[]) AS name, LATERAL (
    SELECT reason, detail, at FROM enrichment_lookup
    WHERE provider = name AND at >= %s AND asked AND reason <> ''
    ORDER BY at DESC LIMIT 1
) AS error
"""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time until now, in parts of one length."""

    title: str
    part: timedelta
    parts: int

    @property
    def span(self) -> timedelta:
        """How long it is."""
        return self.part * self.parts


WINDOWS: Mapping[str, Window] = {
    "24h": Window("24 hours", timedelta(hours=1), 24),
    "7d": Window("7 days", timedelta(hours=6), 28),
    "30d": Window("30 days", timedelta(days=1), 30),
}

DAY = WINDOWS["24h"]


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of one provider's lookups; milliseconds are those of lookups it was asked for."""

    asked: int = 0
    found: int = 0
    missed: int = 0
    failed: int = 0
    kept: int = 0
    skipped: int = 0
    spent: Decimal = Decimal(0)
    p50: float | None = None
    p95: float | None = None

    @property
    def hit_rate(self) -> float | None:
        """How many of those asked were found, from 0 to 1."""
        return self.found / self.asked if self.asked else None

    @property
    def kept_rate(self) -> float | None:
        """How many of the answers were there already, from 0 to 1."""
        answers = self.asked + self.kept
        return self.kept / answers if answers else None


@dataclass(frozen=True, slots=True)
class Reason:
    """How often something went wrong at a provider, or kept it from being asked."""

    provider: str
    asked: bool
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Part:
    """What came of the lookups in one part of a window."""

    found: int = 0
    missed: int = 0
    failed: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class LastError:
    """The last thing that went wrong at a provider."""

    reason: str
    detail: str
    at: datetime


def by_provider(window: Window, now: datetime) -> dict[str, Figures]:
    """Return the figures of every provider there were lookups of, by name, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_PROVIDER, [now - window.span])
        return {name: Figures(*row) for name, *row in cursor.fetchall()}


def reasons(window: Window, now: datetime) -> list[Reason]:
    """Return what went wrong and what was left, the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(_REASONS, [now - window.span])
        return [Reason(*row) for row in cursor.fetchall()]


def over_time(window: Window, now: datetime) -> list[Part]:
    """Return the parts of a window, the oldest first."""
    since, last = now - window.span, window.parts - 1
    found = [Part()] * window.parts
    with connection.cursor() as cursor:
        cursor.execute(_OVER_TIME, [since, window.part.total_seconds(), last, since])
        for place, *counts in cursor.fetchall():
            found[place] = Part(*counts)
    return found


def last_errors(providers: Iterable[str], now: datetime) -> dict[str, LastError]:
    """Return the last error of each provider, of a week at most."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_ERRORS, [list(providers), now - WINDOWS["7d"].span])
        return {name: LastError(*row) for name, *row in cursor.fetchall()}


def last_lookups(provider: str = "", outcome: str = "") -> list[Lookup]:
    """Return the last lookups, of one provider and with one outcome if they are named."""
    lookups = Lookup.objects.all()
    lookups = lookups.filter(provider=provider) if provider else lookups
    lookups = lookups.filter(outcome=outcome) if outcome else lookups
    return list(lookups[:LAST])
