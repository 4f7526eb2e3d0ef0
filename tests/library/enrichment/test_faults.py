"""Whatever a vendor does, nobody is raised at, nothing wrong is kept or written, and it is said."""

import asyncio
import socket
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.library.enrichment.conftest import Make

from burnish.enrichment.providers import BUILT_IN
from burnish.outbound import Outbound
from burnish.profiles.document import Document

GIVEN = {
    "ip": "203.0.113.9",
    "email": "ada@nordlake.example",
    "phone_number": "+46701234567",
    "company_domain": "nordlake.example",
    "company_name": "Nordlake AB",
}
NEEDS_MORE = {"http", "sql"}
KINDS = [kind for kind in BUILT_IN if not kind.local and kind.key not in NEEDS_MORE]
FAULTS = {
    "hang": "timeout",
    "half": "unreachable",
    "garbage": "bad_answer",
    "huge": "bad_answer",
    "bomb": "bad_answer",
    "drift": "bad_answer",
    "long": "bad_answer",
    "redirect": "unavailable",
    "error-500": "unavailable",
    "error-503": "unavailable",
    "invalid": "unauthorized",
    "credits": "out_of_credits",
}
OTHERWISE = {
    # Its free product has no credits: what is too much is too fast.
    ("ipinfo", "credits"): "throttled",
}


def entry(kind: Any, key: str) -> dict[str, Any]:
    """Return a provider's entry with this key, wherever it has its key."""
    timeout = "500 ms" if key == "hang" else "20 s"
    said: dict[str, Any] = {"timeout": timeout, "cache": {"error": "0"}}
    fields = kind.Settings.model_fields
    if "account_id" in fields:
        said["account_id"] = "1"
    said["license_key" if "license_key" in fields else "api_key"] = key
    return said


def wanted(kind: Any) -> set[str]:
    return set(kind.gives)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
async def test_a_fault_is_a_line_of_the_account(enricher: Make, kind: Any, fault: str) -> None:
    made = await enricher({"providers": {kind.key: entry(kind, fault)}})

    profile = await made.enrich(GIVEN, want=wanted(kind))

    (line,) = profile.account.as_json()
    reason = OTHERWISE.get((kind.key, fault), FAULTS[fault])
    assert (line["outcome"], line["reason"]) == ("failed", reason)
    assert line["detail"]
    assert "<" not in line["detail"]
    assert profile.facts == ()
    assert profile.document == Document()
    assert (profile.account.asked, profile.account.failed) == (1, 1)
    # Nothing of it is kept as an answer: it is a failure still, or is asked again.
    again = await made.enrich(GIVEN, want=wanted(kind))
    assert again.account.as_json()[0]["outcome"] in ("failed", "skipped")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
async def test_a_good_vendor_fills_in_what_it_says_it_gives(enricher: Make, kind: Any) -> None:
    made = await enricher({"providers": {kind.key: entry(kind, "k")}})

    profile = await made.enrich(GIVEN, want=wanted(kind))

    assert profile.values
    assert profile.values.keys() <= kind.gives


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
async def test_only_what_is_needed_leaves_the_house(enricher: Make, kind: Any) -> None:
    made = await enricher({"providers": {kind.key: entry(kind, "k")}})
    provider = made.setup.providers[kind.key]
    more = {**GIVEN, "given_name": "Ada", "family_name": "Kvist", "city": "Lund", "notes": "x"}

    sent = provider.sends(more)
    request = provider.ask(sent)

    assert sent.keys() <= provider.needs | provider.any_of | provider.hints
    spoken = f"{request.url} {request.content.decode()} {request.headers}"
    for name in provider.hashed:
        assert str(GIVEN[name]) not in spoken
    for name in GIVEN.keys() - sent.keys():
        assert str(GIVEN[name]) not in spoken or name == "company_domain"


async def test_nobody_at_home(enricher: Make) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{probe.getsockname()[1]}"
        outbound = Outbound(rewrites={"https://api.ipgeolocation.io": dead})
        made = await enricher({"providers": {"ipgeolocation": {"api_key": "k"}}}, outbound=outbound)
        profile = await made.enrich(GIVEN, want={"city"})

    (line,) = profile.account.as_json()
    assert line["reason"] == "unreachable"
    assert "refused the connection" in line["detail"]


@pytest.mark.parametrize("host", ["10.1.2.3", "[64:ff9b::a9fe:a9fe]", "[fec0::1]"])
async def test_a_vendor_at_a_private_address_is_not_called(enricher: Make, host: str) -> None:
    crm = {
        "kind": "http",
        "url": f"https://{host}/people?email={{email}}",
        "outputs": {"job_title": "$.title"},
    }
    made = await enricher({"providers": {"crm": crm}})

    profile = await made.enrich(GIVEN, want={"job_title"})

    (line,) = profile.account.as_json()
    assert line["reason"] == "unreachable"
    assert "private address" in line["detail"]


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def tick(self, **span: float) -> None:
        self.now += timedelta(**span)


async def test_when_a_vendor_fails_its_last_good_answer_is_served_with_its_age(
    enricher: Make,
) -> None:
    clock = Clock()
    made = await enricher({"providers": {"ipgeolocation": {"api_key": "k"}}}, clock=clock)
    first = await made.enrich(GIVEN, want={"city"}, now=clock.now)
    provider = made.setup.providers["ipgeolocation"]
    clock.tick(days=31)
    broken = await enricher({"providers": {"ipgeolocation": {"api_key": "error-500"}}})
    provider.settings = broken.setup.providers["ipgeolocation"].settings

    second = await made.enrich(GIVEN, want={"city"}, now=clock.now)
    third = await made.enrich(GIVEN, want={"city"}, now=clock.now)
    clock.tick(days=61)
    too_old = await made.enrich(GIVEN, want={"city"}, now=clock.now)

    assert second.values == third.values == first.values
    (line,) = second.account.as_json()
    assert (line["outcome"], line["kept"], line["reason"]) == ("found", "stale", "unavailable")
    assert second.facts[0].observed_at == first.facts[0].observed_at
    assert (second.account.failed, third.account.asked) == (1, 0)
    assert too_old.values == {}


async def test_errors_misses_and_finds_are_kept_for_times_of_their_own(enricher: Make) -> None:
    clock = Clock()
    cache = {"found": "10 days", "miss": "1 day", "error": "1 minute"}

    async def asked(key: str, given: dict[str, str], *ticks: dict[str, float]) -> list[int]:
        made = await enricher(
            {"providers": {"ipgeolocation": {"api_key": key, "cache": cache}}}, clock=clock
        )
        counts = []
        for tick in ({}, *ticks):
            clock.tick(**tick)
            profile = await made.enrich(given, want={"city"}, now=clock.now)
            counts.append(profile.account.asked)
        return counts

    found = await asked("k", GIVEN, {"days": 9}, {"days": 2})
    miss = await asked("k", {"ip": "192.0.2.7"}, {"hours": 23}, {"hours": 2})
    error = await asked("error-500", GIVEN, {"seconds": 50}, {"seconds": 20})

    assert found == miss == error == [1, 0, 1]


async def test_terms_that_forbid_keeping_are_kept_to(enricher: Make) -> None:
    kind = next(kind for kind in KINDS if kind.key == "ipgeolocation")
    made = await enricher({"providers": {"ipgeolocation": {"api_key": "k"}}})
    provider = made.setup.providers["ipgeolocation"]
    provider.terms = type(kind.terms)("No keeping.", keep=timedelta(0))

    asked = [(await made.enrich(GIVEN, want={"city"})).account.asked for _ in range(2)]

    assert asked == [1, 1]


async def test_after_failures_a_vendor_is_left_alone_and_others_are_asked_at_once(
    enricher: Make,
) -> None:
    providers = {
        "ipgeolocation": {"api_key": "error-500", "cache": {"error": "0"}},
        "ipinfo": {"api_key": "k", "product": "core"},
    }
    steps = {"city": ["ipgeolocation", "ipinfo"]}
    made = await enricher({"providers": providers, "attributes": steps})

    reasons = []
    for last in range(8):
        profile = await made.enrich({"ip": f"8.8.4.{last}"}, want={"city"})
        assert profile.values.keys() == {"city"}
        reasons.append(profile.account.as_json()[0]["reason"])

    assert reasons == ["unavailable"] * 5 + ["breaker_open"] * 3 or reasons[-1] == "breaker_open"


async def test_a_limit_is_kept_to_and_not_one_is_refused_by_the_vendor(enricher: Make) -> None:
    limited = {"api_key": "rate-20", "limits": {"rate": "20/s"}}
    made = await enricher({"providers": {"fullcontact_company": limited}})

    began = time.monotonic()
    profiles = await asyncio.gather(
        *(
            made.enrich({"company_domain": f"c{n}.example"}, want={"company_name"})
            for n in range(60)
        )
    )
    seconds = time.monotonic() - began

    assert all(profile.account.failed == 0 for profile in profiles)
    assert sum(profile.account.asked for profile in profiles) == 60
    assert 2.7 < seconds < 4.5
