"""Providers read what the stand-ins of their vendors write, over real HTTP, and its faults."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from burnish.enrichment.client import Client, TooLong, Unreachable
from burnish.enrichment.outcome import Answer, Failed, Found, Miss, Pending
from burnish.enrichment.providers import kinds
from burnish.enrichment.reading import BadAnswer
from burnish.outbound import Outbound
from burnish.sandbox import clearbit, fullcontact, ipgeolocation, ipinfo, maxmind, serve

VENDORS = (
    clearbit.VENDOR,
    fullcontact.VENDOR,
    ipgeolocation.VENDOR,
    ipinfo.VENDOR,
    maxmind.VENDOR,
    maxmind.GEOLITE,
)
ADA = {"email": "ada@nordlake.example"}
NOBODY = {"email": "nobody@nobody.example"}
NORDLAKE = {"company_domain": "nordlake.example"}
HOME, OFFICE = {"ip": "203.0.113.1"}, {"ip": "203.0.113.9"}
GOOGLE, ABSENT = {"ip": "8.8.8.8"}, {"ip": "192.0.2.7"}
LUND = {"name": "Ada Kvist", "city": "Lund", "country_code": "SE"}
VIEW = {"country_code": "US", "network_name": "Example Net Mountain View"}
CITY = {"city": "Mountain View", "timezone": "America/Los_Angeles", **VIEW}

FOUND: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("fullcontact_person", {}, ADA, {**LUND, "company_name": "Nordlake AB"}),
    ("fullcontact_person", {"match": "LOW"}, {"phone_number": "+46701234567"}, LUND),
    ("fullcontact_company", {}, NORDLAKE, {"company_city": "Lund", "company_employees": 48}),
    ("clearbit_person", {}, ADA, {**LUND, "company_domain": "nordlake.example"}),
    (
        "clearbit_company",
        {},
        NORDLAKE,
        {"company_size": "11-50", "company_legal_name": "Nordlake AB"},
    ),
    ("clearbit_combined", {}, ADA, {**LUND, "company_size": "11-50"}),
    ("clearbit_reveal", {}, OFFICE, {"company_domain": "kestrel.example"}),
    ("clearbit_name_to_domain", {}, {"company_name": "Nordlake AB"}, NORDLAKE),
    ("ipinfo", {}, GOOGLE, {**VIEW, "country": "United States"}),
    ("ipinfo", {"product": "core"}, GOOGLE, CITY),
    ("ipinfo", {"product": "legacy"}, GOOGLE, CITY),
    ("ipinfo", {"product": "legacy"}, {"ip": "2001:db8::7"}, {}),
    ("maxmind_web", {}, GOOGLE, {**CITY, "connection_type": "Cable/DSL"}),
    ("maxmind_web", {"service": "country"}, GOOGLE, {"country": "United States"}),
    ("maxmind_web", {"service": "insights"}, GOOGLE, CITY),
    ("maxmind_web", {"free": True}, GOOGLE, CITY),
    ("ipgeolocation", {"generation": "v1"}, GOOGLE, CITY),
    ("ipgeolocation", {"generation": "v2"}, GOOGLE, CITY),
    ("ipgeolocation", {"generation": "v3"}, GOOGLE, CITY),
]

MISSES = [
    ("fullcontact_person", {}, NOBODY),
    ("fullcontact_company", {}, {"company_domain": "nobody.example"}),
    ("clearbit_person", {}, NOBODY),
    ("clearbit_person", {}, {"email": "info@nordlake.example"}),
    ("clearbit_company", {}, {"company_domain": "nobody.example"}),
    ("clearbit_combined", {}, NOBODY),
    ("clearbit_reveal", {}, HOME),
    ("clearbit_name_to_domain", {}, {"company_name": "Nobody"}),
    *(("ipinfo", {"product": product}, ABSENT) for product in ("lite", "core", "legacy")),
    ("ipinfo", {"product": "legacy"}, {"ip": "10.0.0.1"}),
    ("maxmind_web", {}, ABSENT),
    ("maxmind_web", {}, {"ip": "10.0.0.1"}),
]

ONE_EACH = {
    "fullcontact_person": ADA,
    "fullcontact_company": NORDLAKE,
    "clearbit_person": ADA,
    "clearbit_company": NORDLAKE,
    "clearbit_combined": ADA,
    "clearbit_reveal": OFFICE,
    "clearbit_name_to_domain": {"company_name": "Nordlake"},
    "ipinfo": GOOGLE,
    "maxmind_web": GOOGLE,
    "ipgeolocation": GOOGLE,
}
EACH = pytest.mark.parametrize("kind", ONE_EACH)
TROUBLES = [
    ("invalid", "unauthorized"),
    ("credits", "out_of_credits"),
    ("limit-429", "throttled"),
    ("rate-0", "throttled"),
    ("error-500", "unavailable"),
    ("error-503", "unavailable"),
    ("redirect", "unavailable"),
    ("garbage", "bad_answer"),
    ("drift", "bad_answer"),
]
ANSWERS_LATER = ["fullcontact_person", "fullcontact_company", "clearbit_person", "clearbit_company"]


@pytest_asyncio.fixture
async def client() -> AsyncIterator[Client]:
    async with serve(VENDORS) as rewrites:
        client = Client(Outbound(rewrites=rewrites))
        yield client
        await client.close()


async def ask(client: Client, kind: str, known: dict[str, Any], **settings: Any) -> Answer:
    """Ask with a key that stands where this kind has one."""
    key = settings.pop("key", "any")
    login = {"account_id": 7, "license_key": key} if kind == "maxmind_web" else {"api_key": key}
    if kind == "ipinfo":
        login["product"] = "core"
    provider = kinds()[kind]
    made = provider(provider.Settings.model_validate({**login, **settings}))
    try:
        return await made.answer(known, client.send)
    except BadAnswer as error:
        return Failed("bad_answer", str(error))


@pytest.mark.parametrize(("kind", "settings", "known", "values"), FOUND)
async def test_what_the_stand_in_knows_is_found(
    client: Client, kind: str, settings: dict[str, Any], known: dict[str, Any], values: Any
) -> None:
    answer = await ask(client, kind, known, **settings)

    assert isinstance(answer, Found)
    assert {name: answer.values.get(name) for name in values} == values


@pytest.mark.parametrize(("kind", "settings", "known"), MISSES)
async def test_what_the_stand_in_does_not_know_is_a_miss(
    client: Client, kind: str, settings: dict[str, Any], known: dict[str, Any]
) -> None:
    assert await ask(client, kind, known, **settings) == Miss()


async def test_fullcontact_withholds_the_name_of_who_is_asked_for_by_hash(client: Client) -> None:
    answer = await ask(client, "fullcontact_person", ADA, hash_email=True)

    assert isinstance(answer, Found)
    assert answer.values["job_title"] == "Data Engineer"
    assert answer.values.keys().isdisjoint({"name", "given_name", "linkedin_url", "twitter_url"})


async def test_insights_says_how_sure_it_is(client: Client) -> None:
    answer = await ask(client, "maxmind_web", GOOGLE, service="insights")

    assert isinstance(answer, Found)
    assert (answer.confidence_of("country"), answer.confidence_of("city")) == (0.99, 0.65)


@EACH
@pytest.mark.parametrize(("key", "reason"), TROUBLES, ids=[key for key, _ in TROUBLES])
async def test_trouble_is_told_by_its_own_name(
    client: Client, kind: str, key: str, reason: str
) -> None:
    if kind == "ipgeolocation" and reason == "throttled":
        reason = "out_of_credits"  # it knows one limit only: that of the day

    answer = await ask(client, kind, ONE_EACH[kind], key=key)

    assert isinstance(answer, Failed)
    assert answer.reason == reason
    assert key not in answer.detail


@EACH
async def test_long_texts_are_no_answer(client: Client, kind: str) -> None:
    try:
        answer = await ask(client, kind, ONE_EACH[kind], key="long")
    except TooLong:
        return
    assert isinstance(answer, Failed)
    assert answer.reason == "bad_answer"


@pytest.mark.parametrize("key", ["huge", "bomb"])
async def test_what_is_too_long_is_not_read_to_its_end(client: Client, key: str) -> None:
    with pytest.raises(TooLong):
        await ask(client, "ipinfo", GOOGLE, key=key)


@EACH
async def test_half_an_answer_is_none(client: Client, kind: str) -> None:
    with pytest.raises(Unreachable):
        await ask(client, kind, ONE_EACH[kind], key="half")


@pytest.mark.parametrize("kind", ANSWERS_LATER)
async def test_not_yet_is_said_as_often_as_the_key_wants_it(client: Client, kind: str) -> None:
    answers = [await ask(client, kind, ONE_EACH[kind], key="pending-2") for _ in range(3)]

    assert [type(answer) for answer in answers] == [Pending, Pending, Found]


async def test_each_question_waits_for_itself_wherever_its_answer_is_to_go(client: Client) -> None:
    async def kind_of(email: str, url: str) -> type[Answer]:
        known = {"email": email, "callback_url": url}
        return type(await ask(client, "clearbit_person", known, key="pending-1"))

    assert await kind_of("ada@nordlake.example", "https://id.example/1") is Pending
    assert await kind_of("ove@nordlake.example", "https://id.example/1") is Pending
    assert await kind_of("ada@nordlake.example", "https://id.example/2") is Found


@pytest.mark.parametrize(
    ("kind", "settings"),
    [("clearbit_person", {}), ("ipinfo", {"product": "core"})],
)
async def test_who_is_throttled_is_told_for_how_long(
    client: Client, kind: str, settings: dict[str, Any]
) -> None:
    answer = await ask(client, kind, ONE_EACH[kind], key="limit-429", **settings)

    assert isinstance(answer, Failed)
    assert answer.retry_after is not None
    assert 0 < answer.retry_after <= 2


async def test_fullcontact_says_when_it_is_up_again(client: Client) -> None:
    answer = await ask(client, "fullcontact_person", ADA, key="error-503")

    assert answer == Failed("unavailable", "it answered 503", 1.0)
