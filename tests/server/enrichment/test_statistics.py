"""Figures of lookups: the right ones in the right window, and none asked twice."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from burnish_server.enrichment import statistics
from burnish_server.enrichment.models import Lookup
from burnish_server.enrichment.statistics import DAY, WINDOWS, Part

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def looked(provider: str, outcome: str, hours: float = 1, **more: Any) -> None:
    at = NOW - timedelta(hours=hours)
    Lookup.objects.create(
        provider=provider, outcome=outcome, at=at, **{"asked": outcome != "skipped", **more}
    )


def test_asked_is_found_and_missed_and_failed() -> None:
    looked("acme", "found", ms=10, cost="0.25")
    looked("acme", "found", ms=30, cost="0.25")
    looked("acme", "miss", ms=20)
    looked("acme", "failed", ms=1000, reason="timeout")
    looked("acme", "found", kept="stale", ms=500, reason="unavailable")
    looked("acme", "found", kept="fresh", asked=False)
    looked("acme", "pending", ms=5)
    looked("acme", "skipped", reason="no_consent")

    figures = statistics.by_provider(DAY, NOW)["acme"]

    assert figures.asked == figures.found + figures.missed + figures.failed == 5
    assert (figures.found, figures.missed, figures.failed) == (2, 1, 2)
    assert (figures.kept, figures.skipped, figures.spent) == (1, 1, Decimal("0.5"))
    assert figures.hit_rate == 0.4
    assert figures.kept_rate == pytest.approx(1 / 6)
    assert figures.p50 == 25.0


@pytest.mark.parametrize(("window", "count"), [("24h", 1), ("7d", 2), ("30d", 3)])
def test_a_window_holds_what_happened_in_it(window: str, count: int) -> None:
    for days in (0.9, 6.9, 29.9, 30.1):
        looked("acme", "miss", hours=24 * days)

    figures = statistics.by_provider(WINDOWS[window], NOW)
    parts = statistics.over_time(WINDOWS[window], NOW)

    assert figures["acme"].asked == count
    assert sum(part.missed for part in parts) == count
    assert len(parts) == WINDOWS[window].parts


def test_parts_go_from_the_oldest_to_now_and_what_is_just_now_is_in_the_last() -> None:
    looked("acme", "found", hours=23.5)
    looked("acme", "failed", hours=0)
    looked("acme", "found", hours=0.5, kept="fresh", asked=False)

    parts = statistics.over_time(DAY, NOW)

    assert parts[0] == Part(found=1)
    assert parts[-1] == Part(failed=1, kept=1)


def test_reasons_come_by_how_often_and_say_whether_anybody_was_asked() -> None:
    looked("acme", "failed", reason="timeout")
    for _ in range(2):
        looked("acme", "skipped", reason="no_consent")

    assert [(one.reason, one.asked, one.count) for one in statistics.reasons(DAY, NOW)] == [
        ("no_consent", False, 2),
        ("timeout", True, 1),
    ]


def test_the_last_error_is_the_last_one_and_no_skip() -> None:
    looked("acme", "failed", hours=5, reason="timeout", detail="it did not answer")
    looked("acme", "failed", hours=2, reason="unavailable", detail="it answered 503")
    looked("acme", "skipped", hours=1, reason="limited")
    looked("other", "found")

    errors = statistics.last_errors(["acme", "other"], NOW)

    assert errors.keys() == {"acme"}
    assert (errors["acme"].reason, errors["acme"].detail) == ("unavailable", "it answered 503")


def test_each_figure_takes_one_statement_however_many_providers_there_are() -> None:
    for number in range(20):
        looked(f"acme{number}", "found")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        statistics.by_provider(DAY, NOW)
        statistics.over_time(DAY, NOW)
        statistics.reasons(DAY, NOW)
        statistics.last_errors([f"acme{number}" for number in range(20)], NOW)

    assert len(queries) == 4


def test_the_windows_are_read_by_an_index() -> None:
    Lookup.objects.bulk_create(
        Lookup(provider="acme", outcome="miss", at=NOW - timedelta(minutes=minute))
        for minute in range(20_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE enrichment_lookup")
        since = NOW - DAY.span
        for statement, given in (
            (statistics._BY_PROVIDER, [since]),
            (statistics._REASONS, [since]),
            (statistics._OVER_TIME, [since, 3600, 23, since]),
        ):
            cursor.execute(f"EXPLAIN {statement}", given)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "enrichment_lookup_at" in plan, plan
