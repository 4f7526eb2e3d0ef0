"""How often a provider may be asked: the rules that move a gauge."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnish.enrichment import meter
from burnish.enrichment.meter import Gauge, Permit, Wait, admit, settle
from burnish.enrichment.outcome import Failed, Found, Miss, Skipped
from burnish.enrichment.settings import Limits

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp()
FREE = Decimal(0)
FOUND = Found({"city": "Lund"})


def limits(**said: Any) -> Limits:
    return Limits.model_validate(said)


def permits(gauge: Gauge, count: int, now: float = NOON, **said: Any) -> list[Permit]:
    """Ask `count` times at one moment, and return the leaves there were."""
    leaves = [admit(gauge, limits(**said), FREE, 10, now) for _ in range(count)]
    return [leave for leave in leaves if isinstance(leave, Permit)]


def test_without_limits_everybody_may_ask_at_once() -> None:
    assert {permit.at for permit in permits(Gauge(), 100)} == {NOON}


@pytest.mark.parametrize(("rate", "most"), [("10/s", 10), ("100/s", 100), ("3/s", 3)])
def test_in_no_second_are_there_more_than_the_rate(rate: str, most: int) -> None:
    gauge = Gauge()

    times = sorted(permit.at for permit in permits(gauge, most * 5, rate=rate))

    assert len(times) == most * 5
    for start in times:
        assert sum(start <= at < start + 1 for at in times) <= most
    span = times[-1] - times[0]
    assert (len(times) - 1) / span >= most * 0.95


def test_by_the_minute_a_few_may_come_at_once() -> None:
    times = [permit.at for permit in permits(Gauge(), 600, rate="600/minute")]

    assert times.count(NOON) > 50
    assert max(times) <= NOON + 60
    for start in times[::50]:
        assert sum(start <= at < start + 60 for at in times) <= 600


def test_who_would_wait_too_long_is_told_when_to_come_again() -> None:
    gauge = Gauge()
    leaves = [admit(gauge, limits(rate="1/s"), FREE, 10, NOON) for _ in range(100)]

    waits = [leave for leave in leaves if isinstance(leave, Wait)]

    assert waits
    assert all(0 < wait.seconds <= meter.LONGEST_QUEUE for wait in waits)


def test_over_the_rate_is_left_where_that_is_the_rule() -> None:
    gauge = Gauge()

    first, second = (
        admit(gauge, limits(rate="1/s", when_rate="skip"), FREE, 10, NOON) for _ in range(2)
    )

    assert isinstance(first, Permit)
    assert isinstance(second, Skipped)
    assert second.reason == "limited"


def test_no_more_are_under_way_than_allowed_until_one_is_settled_or_lost() -> None:
    gauge = Gauge()
    first, second = permits(gauge, 2, concurrency=2)
    assert isinstance(admit(gauge, limits(concurrency=2), FREE, 10, NOON), Wait)

    settle(gauge, first, FOUND, FREE, NOON)
    assert isinstance(admit(gauge, limits(concurrency=2), FREE, 10, NOON), Permit)
    assert isinstance(admit(gauge, limits(concurrency=2), FREE, 10, NOON), Wait)

    lost = NOON + 16
    assert isinstance(admit(gauge, limits(concurrency=2), FREE, 10, lost), Permit)
    settle(gauge, second, FOUND, FREE, lost)


def test_the_day_s_lookups_begin_anew_at_midnight() -> None:
    gauge = Gauge()
    assert len(permits(gauge, 5, daily=3)) == 3

    refused = admit(gauge, limits(daily=3), FREE, 10, NOON)

    assert isinstance(refused, Skipped)
    assert refused.until == 12 * 3600
    assert len(permits(gauge, 5, NOON + 12 * 3600, daily=3)) == 3


@pytest.mark.parametrize("answer", [FOUND, Miss(), Failed("unavailable")])
def test_money_is_set_aside_before_and_what_was_not_spent_is_given_back(answer: Any) -> None:
    gauge, price = Gauge(), Decimal("0.4")
    budget = limits(day_budget="1")
    first = admit(gauge, budget, price, 10, NOON)
    second = admit(gauge, budget, price, 10, NOON)
    third = admit(gauge, budget, price, 10, NOON)
    assert isinstance(first, Permit)
    assert isinstance(second, Permit)
    assert isinstance(third, Skipped)
    assert third.reason == "over_budget"

    spent = price if answer is FOUND else FREE
    settle(gauge, first, answer, spent, NOON)

    assert gauge.day_spend == gauge.month_spend == price + spent
    again = admit(gauge, budget, price, 10, NOON)
    assert isinstance(again, Skipped if answer is FOUND else Permit)


def test_what_was_set_aside_yesterday_changes_nothing_today() -> None:
    gauge, price = Gauge(), Decimal("0.4")
    late = admit(gauge, limits(), price, 10, NOON + 12 * 3600 - 1)
    assert isinstance(late, Permit)

    settle(gauge, late, Miss(), FREE, NOON + 12 * 3600 + 1)

    assert gauge.day_spend == 0
    assert gauge.month_spend == 0


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Failed("throttled", retry_after=7), 7),
        (Failed("throttled"), meter.BLOCKS["throttled"]),
        (Failed("unauthorized"), meter.BLOCKS["unauthorized"]),
        (Failed("out_of_credits"), meter.BLOCKS["out_of_credits"]),
        (Failed("unavailable", retry_after=30), 30),
    ],
)
def test_a_vendor_that_asks_for_a_pause_has_it(answer: Failed, seconds: float) -> None:
    gauge = Gauge()
    (permit,) = permits(gauge, 1)

    settle(gauge, permit, answer, FREE, NOON)

    refused = admit(gauge, limits(), FREE, 10, NOON)
    assert isinstance(refused, Skipped)
    assert refused.until == seconds
    assert isinstance(admit(gauge, limits(), FREE, 10, NOON + seconds), Permit)


def fail(gauge: Gauge, now: float, times: int = 1) -> None:
    for _ in range(times):
        (permit,) = permits(gauge, 1, now)
        settle(gauge, permit, Failed("timeout"), FREE, now)


def test_after_failures_in_a_row_it_is_left_alone_and_then_asked_once_for_a_try() -> None:
    gauge = Gauge()
    fail(gauge, NOON, meter.FAILURES)

    closed = admit(gauge, limits(), FREE, 10, NOON + 1)
    later = NOON + meter.REST.first
    probe, other = (admit(gauge, limits(), FREE, 10, later) for _ in range(2))

    assert isinstance(closed, Skipped)
    assert closed.reason == "breaker_open"
    assert isinstance(probe, Permit)
    assert isinstance(other, Skipped)

    settle(gauge, probe, FOUND, FREE, later)
    assert len(permits(gauge, 5, later)) == 5


def test_each_try_that_fails_doubles_the_rest_up_to_a_bound() -> None:
    gauge, now, rests = Gauge(), NOON, []
    fail(gauge, now, meter.FAILURES)
    for _ in range(8):
        rests.append(gauge.resting_until - now)
        now = gauge.resting_until
        fail(gauge, now)

    assert all(longer == min(2 * rest, meter.REST.longest) for rest, longer in pairwise(rests))
    assert rests[-1] == meter.REST.longest


def test_a_refused_request_is_the_asker_s_fault_and_not_the_vendor_s() -> None:
    gauge = Gauge()
    for _ in range(20):
        (permit,) = permits(gauge, 1)
        settle(gauge, permit, Failed("rejected"), FREE, NOON)

    assert gauge.failures == 0


@given(
    st.lists(
        st.tuples(
            st.sampled_from([FOUND, Miss(), Failed("timeout"), Failed("throttled"), None]),
            st.floats(0, 3),
        ),
        max_size=60,
    )
)
def test_spend_is_what_was_found_whatever_happens(steps: list[tuple[Any, float]]) -> None:
    gauge, price, now, found = Gauge(), Decimal("0.01"), NOON, 0
    budget = limits(day_budget="0.2", concurrency=3, rate="50/s")
    flying: list[Permit] = []
    for answer, pause in steps:
        now += pause
        if answer is None or not flying:
            leave = admit(gauge, budget, price, 5, now)
            flying += [leave] if isinstance(leave, Permit) else []
        else:
            found += answer is FOUND
            settle(gauge, flying.pop(0), answer, price if answer is FOUND else FREE, now)
        assert gauge.day_spend == price * (found + len(flying))
        assert gauge.day_spend <= Decimal("0.2")
        assert len([until for until in gauge.flights.values() if now < until]) <= 3


def test_a_gauge_is_stored_and_read_back() -> None:
    gauge = Gauge()
    permits(gauge, 3, concurrency=9, rate="2/s")
    gauge.day_spend = Decimal("1.234567")

    assert Gauge.from_json(gauge.as_json()) == gauge
    assert Gauge.from_json({}) == Gauge()
