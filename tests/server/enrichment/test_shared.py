"""What processes share: two of them ask as one would. Here each has lookups of its own."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from burnish.enrichment import fragment
from burnish.enrichment.lookup import Lookup, Lookups
from burnish.enrichment.outcome import Failed, Found, Skipped
from burnish.enrichment.provider import Provider
from burnish.outbound import Outbound
from burnish_server.enrichment import ledger
from burnish_server.enrichment.models import Gauge, Kept

pytestmark = pytest.mark.django_db(transaction=True)

Work = Callable[[Lookups, int], Awaitable[Any]]
Together = Callable[[Work], list[Any]]


@pytest.fixture
def together(stand_ins: dict[str, str], transactional_db: None) -> Together:
    """Run something in two processes' worth of lookups at once, and return what came of it."""

    def run(work: Work) -> list[Any]:
        async def alone(which: int) -> Any:
            pool = ledger.pool()
            await pool.open()
            lookups = Lookups(
                Outbound(rewrites=stand_ins),
                shared=ledger.StoredCache(pool),
                meter=ledger.StoredMeter(pool),
                pepper=b"tests",
            )
            try:
                return await work(lookups, which)
            finally:
                await lookups.close()
                await pool.close()

        with ThreadPoolExecutor(2) as threads:
            return list(threads.map(lambda which: asyncio.run(alone(which)), range(2)))

    return run


def made(**entry: Any) -> Provider:
    provider = fragment.make("fullcontact_company", entry, None)
    assert isinstance(provider, Provider)
    return provider


def companies(count: int) -> list[dict[str, str]]:
    return [{"company_domain": f"c{n}.example"} for n in range(count)]


def kinds(lookups: list[list[Lookup]]) -> Counter[str]:
    return Counter(type(one.outcome).__name__ for some in lookups for one in some)


def test_a_hundred_who_ask_the_same_in_two_processes_cost_one_call(together: Together) -> None:
    provider = made(api_key="slow-200", price="0.1")

    async def ask(lookups: Lookups, which: int) -> list[Lookup]:
        return await asyncio.gather(
            *(lookups.ask(provider, {"company_domain": "nordlake.example"}) for _ in range(50))
        )

    lookups = together(ask)

    assert kinds(lookups) == {"Found": 100}
    assert sum(one.asked for some in lookups for one in some) == 1
    assert sum(one.cost for some in lookups for one in some) == Decimal("0.1")
    assert Gauge.objects.get().state["day_spend"] == "0.1"
    assert Kept.objects.get().claimed_until is None


def test_a_vendor_s_rate_is_kept_to_by_two_processes(together: Together) -> None:
    provider = made(api_key="rate-100", limits={"rate": "80/s"})

    async def ask(lookups: Lookups, which: int) -> list[Lookup]:
        mine = companies(300)[which::2]
        return await asyncio.gather(*(lookups.ask(provider, one) for one in mine))

    began = time.monotonic()
    lookups = together(ask)
    seconds = time.monotonic() - began

    assert kinds(lookups)["Failed"] == 0
    assert sum(one.asked for some in lookups for one in some) == 300
    assert seconds > 300 / 80


def test_no_more_than_the_budget_is_spent_by_two_processes(together: Together) -> None:
    provider = made(api_key="k", price="0.01", limits={"day_budget": "0.5"})
    known = [{"company_domain": domain} for domain in ("nordlake.example", "kestrel.example")]

    async def ask(lookups: Lookups, which: int) -> list[Lookup]:
        found = [await lookups.ask(provider, one) for one in known]
        many = await asyncio.gather(*(lookups.ask(provider, one) for one in companies(80)))
        return [*found, *many]

    lookups = together(ask)

    spent = sum((one.cost for some in lookups for one in some), Decimal(0))
    assert Decimal(Gauge.objects.get().state["day_spend"]) == spent <= Decimal("0.5")
    over = [
        one
        for some in lookups
        for one in some
        if isinstance(one.outcome, Skipped) and one.outcome.reason == "over_budget"
    ]
    assert bool(over) == (spent + Decimal("0.01") > Decimal("0.5"))


def test_no_more_are_under_way_than_allowed_in_two_processes(together: Together) -> None:
    provider = made(api_key="slow-100", limits={"concurrency": 5})

    async def ask(lookups: Lookups, which: int) -> list[Lookup]:
        mine = companies(40)[which::2]
        return await asyncio.gather(*(lookups.ask(provider, one) for one in mine))

    began = time.monotonic()
    lookups = together(ask)

    assert sum(one.asked for some in lookups for one in some) == 40
    assert time.monotonic() - began > 40 / 5 * 0.1
    assert Gauge.objects.get().state["flights"] == {}


def test_a_breaker_one_process_opened_is_open_for_the_other(together: Together) -> None:
    provider = made(api_key="error-500", cache={"error": "0"})

    async def ask(lookups: Lookups, which: int) -> list[Lookup]:
        return [await lookups.ask(provider, one) for one in companies(20)]

    lookups = together(ask)

    failed = [one for some in lookups for one in some if isinstance(one.outcome, Failed)]
    assert 5 <= len(failed) <= 7


def test_an_answer_whose_asker_died_is_asked_by_another(together: Together) -> None:
    provider = made(api_key="k")
    known = {"company_domain": "nordlake.example"}

    async def ask(lookups: Lookups, which: int) -> Lookup:
        cache = lookups._shared
        assert cache is not None
        # Somebody claimed the question and is gone; the claim runs out.
        await cache.claim(lookups.key(provider, known), 0.3)
        return await lookups.ask(provider, known)

    first, second = together(ask)

    assert isinstance(first.outcome, Found)
    assert first.outcome == second.outcome
    assert first.asked + second.asked == 1
