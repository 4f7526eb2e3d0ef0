"""Figures of hooks: how often they were called of late, how fast, and how often they failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

HOURS = 24

_FIGURES = """
SELECT hook_id, count(*), count(*) FILTER (WHERE outcome = 'failed'),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms),
    percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms)
FROM hooks_run WHERE hook_id = ANY(%s) AND started_at >= %s
GROUP BY hook_id
"""

_BY_HOUR = """
SELECT hook_id, floor(extract(epoch FROM started_at - %s) / 3600)::int, count(*),
    count(*) FILTER (WHERE outcome = 'failed')
FROM hooks_run WHERE hook_id = ANY(%s) AND started_at >= %s
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """One hook in the last 24 hours: durations in ms, calls and failures also hour by hour."""

    calls: int = 0
    failures: int = 0
    p50: float | None = None
    p95: float | None = None
    by_hour: tuple[tuple[int, int], ...] = ((0, 0),) * HOURS


def of(hooks: list[int], now: datetime) -> dict[int, Figures]:
    """Return the figures of hooks by id, in two statements."""
    since = now - timedelta(hours=HOURS)
    hours: dict[int, list[tuple[int, int]]] = {pk: [(0, 0)] * HOURS for pk in hooks}
    with connection.cursor() as cursor:
        cursor.execute(_BY_HOUR, [since, hooks, since])
        for pk, hour, calls, failures in cursor.fetchall():
            hours[pk][min(hour, HOURS - 1)] = calls, failures
        cursor.execute(_FIGURES, [hooks, since])
        found = {
            pk: Figures(calls, failures, p50, p95, tuple(hours[pk]))
            for pk, calls, failures, p50, p95 in cursor.fetchall()
        }
    return {pk: found.get(pk, Figures()) for pk in hooks}
