"""An enricher fills profiles, keeps to what it was told, and gives an account of all of it."""

import asyncio
import re
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.library.enrichment.conftest import Make

import burnish
from burnish.enrichment.enricher import Enricher, waiting
from burnish.enrichment.lookup import Lookups
from burnish.errors import InvalidSettings
from burnish.outbound import Outbound
from burnish.profiles.document import Document, amend
from burnish.profiles.fact import NOTHING, Fact

ADDRESS = {"ip": "203.0.113.40"}
GEO = {"providers": {"ipgeolocation": {"api_key": "k"}}}
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def slow(ms: int) -> dict[str, object]:
    return {"providers": {"ipgeolocation": {"api_key": f"slow-{ms}"}}}


async def test_what_a_vendor_says_becomes_facts_values_and_an_account(enricher: Make) -> None:
    made = await enricher({"providers": {"ipgeolocation": {"api_key": "${VENDOR_KEY}"}}})

    profile = await made.enrich(ADDRESS, want={"city", "country_code"})

    assert profile.values.keys() == {"city", "country_code"}
    assert profile.complete
    fact = next(fact for fact in profile.facts if fact.key == "city")
    assert fact.source == "provider:ipgeolocation"
    assert fact.confidence == 0.8
    assert fact.expires_at == fact.observed_at + timedelta(days=180)
    assert fact.run == profile.run
    (line,) = profile.account.as_json()
    assert (line["provider"], line["outcome"]) == ("ipgeolocation", "found")
    assert sorted(line["gave"]) == ["city", "country_code"]
    assert line["ms"] > 0
    assert (profile.account.asked, profile.account.found) == (1, 1)


async def test_one_call_serves_all_attributes_and_is_not_made_twice(enricher: Make) -> None:
    made = await enricher(GEO)

    await made.enrich(ADDRESS, want={"city", "country", "timezone"})
    again = await made.enrich(ADDRESS, want={"city", "postal_code"})

    assert again.values.keys() == {"city", "postal_code"}
    assert (again.account.asked, again.account.kept) == (0, 1)


async def test_a_thousand_who_ask_the_same_at_once_cost_one_call(enricher: Make) -> None:
    priced = {"providers": {"ipgeolocation": {"api_key": "slow-100", "price": "0.01"}}}
    made = await enricher(priced)

    profiles = await asyncio.gather(
        *(made.enrich(ADDRESS, want={"city"}) for _ in range(1000)),
    )

    assert sum(profile.account.asked for profile in profiles) == 1
    assert sum(profile.account.cost for profile in profiles) == Decimal("0.01")
    assert all("city" in profile.values for profile in profiles)


async def test_who_cannot_wait_gets_what_is_there_by_then(enricher: Make) -> None:
    made = await enricher(slow(5000))

    began = time.monotonic()
    profile = await made.enrich(ADDRESS, want={"city"}, within=timedelta(milliseconds=100))

    assert time.monotonic() - began < 1
    assert not profile.complete
    assert profile.values == {}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("10.0.0.1", "private"),
        ("127.0.0.1", "private"),
        ("fe80::1%eth0", "private"),
        ("::ffff:192.168.0.1", "private"),
        ("not an address", "not an IP"),
        ("999.1.1.1", "not an IP"),
    ],
)
async def test_an_address_nobody_knows_leaves_the_house_never(
    enricher: Make, address: str, words: str
) -> None:
    made = await enricher(GEO)

    profile = await made.enrich({"ip": address}, want={"city"})

    (line,) = profile.account.as_json()
    assert (line["outcome"], line["reason"]) == ("skipped", "unfit_input")
    assert words in line["detail"]
    assert address not in str(profile.account.as_json())


async def test_ipv6_is_asked_about_in_its_shortest_form(enricher: Make) -> None:
    made = await enricher(GEO)

    long = await made.enrich({"ip": "2001:0db8:0000:0000:0000:0000:0000:0001"}, want={"city"})
    short = await made.enrich({"ip": "2001:db8::1"}, want={"city"})

    assert (long.account.asked, short.account.asked) == (1, 0)
    assert long.values == short.values


async def test_a_person_who_said_it_is_not_guessed_about(enricher: Make) -> None:
    made = await enricher(GEO)
    said = amend(Document(), [Fact("custom", "city", "Lund", "user", NOW)], NOW).document

    profile = await made.enrich(ADDRESS, want={"city"}, document=said, now=NOW)

    assert profile.facts == ()
    assert profile.values == {"city": "Lund"}
    assert profile.settled == {"city": "the person said it"}


async def test_a_person_who_wants_no_value_is_not_guessed_about(enricher: Make) -> None:
    made = await enricher(GEO)
    said = amend(Document(), [Fact("custom", "city", NOTHING, "user", NOW)], NOW).document

    profile = await made.enrich(ADDRESS, want={"city"}, document=said, now=NOW)

    assert "city" not in profile.values
    assert profile.account.lookups == ()


async def test_what_a_person_refused_of_a_provider_is_not_asked_again(enricher: Make) -> None:
    made = await enricher(GEO)
    fact = Fact("custom", "city", NOTHING, "provider:ipgeolocation", NOW, refused=True)
    said = amend(Document(), [fact], NOW).document

    profile = await made.enrich(ADDRESS, want={"city"}, document=said, now=NOW)

    (line,) = profile.account.as_json()
    assert (line["outcome"], line["reason"]) == ("skipped", "refused")


async def test_a_guess_that_holds_is_kept_and_one_that_expired_is_renewed(enricher: Make) -> None:
    made = await enricher(GEO)
    fact = Fact(
        "custom", "city", "Old", "provider:ipgeolocation", NOW, expires_at=NOW + timedelta(days=1)
    )
    said = amend(Document(), [fact], NOW).document

    holds = await made.enrich(ADDRESS, want={"city"}, document=said, now=NOW)
    later = NOW + timedelta(days=2)
    expired = await made.enrich(ADDRESS, want={"city"}, document=said, now=later)

    assert holds.account.lookups == ()
    assert holds.values == {"city": "Old"}
    assert expired.values["city"] != "Old"


async def test_what_a_schema_refuses_is_not_written_and_said(enricher: Make) -> None:
    attributes = [{"id": "1", "pointer": "/country", "type": "country_code"}]
    schema = {"user_profile": {"custom_attributes": {"attributes": attributes}}}
    made = await enricher(GEO, schema)

    profile = await made.enrich(ADDRESS, want={"country", "city"})

    assert profile.values == {}
    assert profile.settled == {"city": "nobody defined this attribute"}
    (line,) = profile.account.as_json()
    assert "two-letter country code" in line["refused"]["country"]


@pytest.mark.parametrize("basis", ["consent", "legitimate_interest"])
async def test_without_consent_nobody_is_asked(enricher: Make, basis: str) -> None:
    purposes = {"consent": {"purposes": {"ads": {"basis": basis}}}}
    marked = {"providers": {"ipgeolocation": {"api_key": "k", "purposes": ["ads"]}}}
    made = await enricher(marked, purposes)

    without = await made.enrich(ADDRESS, want={"city"})
    granted = await made.enrich(ADDRESS, want={"city"}, granted={"ads"})

    assert "city" in granted.values
    if basis == "consent":
        assert without.account.as_json()[0]["reason"] == "no_consent"
        assert without.values == {}
    else:
        assert without.account.asked == 1


async def test_the_library_reads_its_file_and_waits_for_who_has_no_loop(
    vendors: Outbound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "burnish.yaml"
    path.write_text(
        "enrichment:\n  providers:\n    ipgeolocation: {api_key: '${VENDOR_KEY}'}\n", "utf-8"
    )
    monkeypatch.setenv("VENDOR_KEY", "k")

    def fill() -> dict[str, object]:
        made = burnish.Enricher.from_config(path, Lookups(vendors))
        with waiting(made) as sync:
            assert sync.explain(ADDRESS, {"city"}).first == ["ipgeolocation"]
            return dict(sync.enrich(ADDRESS, {"city"}).values)

    assert "city" in await asyncio.to_thread(fill)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("enrichment: {providers: {ipgeolocation: {}}}", "api_key"),
        ("enrichment: {providers: {nobody: {}}}", "there is no provider nobody"),
        (
            "enrichment: {providers: {ipgeolocation: {api_key: '${MISSING}'}}}",
            "There is no secret MISSING",
        ),
        (
            "enrichment: {providers: {ipgeolocation: {api_key: k, timeout: 5}}}",
            "write a time with its unit",
        ),
        (
            "enrichment: {providers: {ipgeolocation: {api_key: k, limits: {rate: fast}}}}",
            "write a rate such as",
        ),
        ("enrichment: {attributes: {city: [ipgeolocation]}}", "no provider ipgeolocation in"),
        (
            "enrichment: {providers: {ipgeolocation: {api_key: k}},"
            " attributes: {shoe_size: [ipgeolocation]}}",
            "does not give shoe_size",
        ),
    ],
)
def test_a_file_with_faults_is_refused_with_all_of_them(
    tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "burnish.yaml"
    path.write_text(text, "utf-8")

    with pytest.raises(InvalidSettings, match=re.escape(words)):
        Enricher.from_config(path)
