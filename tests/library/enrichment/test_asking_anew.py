"""A kept answer can be passed over; what is heard then takes its place."""

from datetime import UTC, datetime, timedelta

from burnish.enrichment import fragment
from burnish.enrichment.lookup import Lookups
from burnish.enrichment.provider import Provider
from burnish.outbound import Outbound

ADDRESS = {"ip": "203.0.113.40"}


def made() -> Provider:
    provider = fragment.make("ipgeolocation", {"api_key": "k", "price": "0.5"}, None)
    assert isinstance(provider, Provider)
    return provider


async def test_asking_anew_asks_the_vendor_and_keeps_what_it_says(vendors: Outbound) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    lookups, provider = Lookups(vendors, clock=lambda: now), made()

    first = await lookups.ask(provider, ADDRESS)
    now += timedelta(hours=1)
    kept = await lookups.ask(provider, ADDRESS)
    anew = await lookups.ask(provider, ADDRESS, anew=True)
    after = await lookups.ask(provider, ADDRESS)
    await lookups.close()

    assert (first.asked, kept.asked, anew.asked, after.asked) == (True, False, True, False)
    assert (kept.at, after.at) == (first.at, now)
    assert [str(one.cost) for one in (first, kept, anew, after)] == ["0.5", "0", "0.5", "0"]
