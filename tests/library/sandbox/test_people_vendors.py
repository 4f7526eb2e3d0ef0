"""Providers of people and companies read what their stand-ins write, over real HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from burnish.enrichment.client import Client
from burnish.enrichment.outcome import Answer, Failed, Found, Miss, Pending
from burnish.enrichment.providers import kinds
from burnish.enrichment.reading import BadAnswer
from burnish.outbound import Outbound
from burnish.sandbox import abstract, apollo, gravatar, hunter, people_data_labs, serve

VENDORS = (
    *abstract.VENDORS,
    apollo.VENDOR,
    gravatar.VENDOR,
    hunter.VENDOR,
    people_data_labs.VENDOR,
)
ADA = {"email": "ada@nordlake.example"}
NORDLAKE = {"company_domain": "nordlake.example"}
BY_NAME = {"name": "Ada Kvist", "company_domain": "nordlake.example"}
PAGE = {"linkedin_url": "https://www.linkedin.com/in/adakvist/"}
PHONE = {"phone_number": "+46701234567"}

FOUND = [
    pytest.param("abstract_ip", {"ip": "8.8.8.8"}, {"city": "Mountain View"}, id="abstract_ip"),
    pytest.param("abstract_email", ADA, {"given_name": "Ada"}, id="abstract_email"),
    pytest.param(
        "abstract_phone", PHONE, {"phone_country": "Sweden", "phone_type": "mobile"}, id="phone"
    ),
    pytest.param("apollo_person", ADA, {"name": "Ada Kvist", "city": "Lund"}, id="apollo, address"),
    pytest.param("apollo_person", BY_NAME, {"job_title": "Data Engineer"}, id="apollo, name"),
    pytest.param("apollo_person", PAGE, {"company_name": "Nordlake"}, id="apollo, page"),
    pytest.param("apollo_company", NORDLAKE, {"company_employees": 48}, id="apollo_company"),
    pytest.param("gravatar", ADA, {"nickname": "Ada K", "family_name": "Kvist"}, id="gravatar"),
    pytest.param("hunter_verifier", ADA, {"email_deliverability": "deliverable"}, id="verifier"),
    pytest.param("hunter_person", ADA, {"timezone": "Europe/Stockholm"}, id="hunter, address"),
    pytest.param("hunter_person", PAGE, {"name": "Ada Kvist"}, id="hunter, page"),
    pytest.param("hunter_company", NORDLAKE, {"company_size": "11-50"}, id="hunter_company"),
    pytest.param(
        "hunter_combined", ADA, {"name": "Ada Kvist", "company_founded": 2014}, id="combined"
    ),
    pytest.param("people_data_labs", ADA, {"name": "Ada Kvist"}, id="people data labs, address"),
    pytest.param("people_data_labs", PHONE, {"region": "Skåne Län"}, id="people data labs, phone"),
    pytest.param("people_data_labs", BY_NAME, {"gender": "female"}, id="people data labs, name"),
    pytest.param("people_data_labs", PAGE, {"skills": ["python", "sql"]}, id="by page"),
]

NOBODY = {"email": "nobody@nordlake.example"}
MISSES = [
    pytest.param("abstract_ip", {"ip": "192.0.2.7"}, id="abstract_ip"),
    pytest.param("abstract_email", NOBODY, id="abstract_email"),
    pytest.param("apollo_person", NOBODY, id="apollo_person"),
    pytest.param("apollo_company", {"company_domain": "nobody.example"}, id="apollo_company"),
    pytest.param("gravatar", NOBODY, id="gravatar"),
    pytest.param("hunter_person", NOBODY, id="hunter_person"),
    pytest.param("hunter_company", {"company_domain": "nobody.example"}, id="hunter_company"),
    pytest.param("hunter_combined", {"email": "nobody@gmail.com"}, id="hunter_combined"),
    pytest.param("people_data_labs", NOBODY, id="people_data_labs"),
]

TROUBLES = [
    ("invalid", "unauthorized"),
    ("credits", "out_of_credits"),
    ("limit-429", "throttled"),
    ("error-503", "unavailable"),
    ("garbage", "bad_answer"),
    ("drift", "bad_answer"),
]
ONE_EACH = [
    ("abstract_ip", {"ip": "8.8.8.8"}),
    ("abstract_email", ADA),
    ("abstract_phone", PHONE),
    ("apollo_person", ADA),
    ("apollo_company", NORDLAKE),
    ("gravatar", ADA),
    ("hunter_verifier", ADA),
    ("hunter_person", ADA),
    ("hunter_company", NORDLAKE),
    ("hunter_combined", ADA),
    ("people_data_labs", ADA),
]
TROUBLED = [
    pytest.param(kind, known, key, reason, id=f"{kind}, {key}")
    for kind, known in ONE_EACH
    for key, reason in TROUBLES
    if (kind, key) != ("gravatar", "credits")  # Gravatar sells none.
]


@pytest_asyncio.fixture
async def client() -> AsyncIterator[Client]:
    async with serve(VENDORS) as rewrites:
        client = Client(Outbound(rewrites=rewrites))
        yield client
        await client.close()


async def ask(client: Client, kind: str, known: dict[str, Any], **settings: Any) -> Answer:
    provider = kinds()[kind]
    made = provider(provider.Settings.model_validate({"api_key": "any", **settings}))
    try:
        return await made.answer(made.sends(known), client.send)
    except BadAnswer as error:
        return Failed("bad_answer", str(error))


@pytest.mark.parametrize(("kind", "known", "values"), FOUND)
async def test_whom_the_stand_in_knows_is_found(
    client: Client, kind: str, known: dict[str, Any], values: dict[str, Any]
) -> None:
    answer = await ask(client, kind, known)

    assert isinstance(answer, Found)
    assert {name: answer.values.get(name) for name in values} == values


@pytest.mark.parametrize("kind", ["apollo_person", "people_data_labs"])
async def test_who_is_asked_about_by_hash_is_found(client: Client, kind: str) -> None:
    answer = await ask(client, kind, ADA, hash_email=True)

    assert isinstance(answer, Found)
    assert answer.values["given_name"] == "Ada"


async def test_people_data_labs_finds_by_get_what_it_finds_by_post(client: Client) -> None:
    by_get = await ask(client, "people_data_labs", ADA, method="GET")

    assert by_get == await ask(client, "people_data_labs", ADA)
    assert await ask(client, "people_data_labs", ADA, min_likelihood=10) == Miss()


async def test_abstract_tells_of_a_number_with_the_product_before(client: Client) -> None:
    answer = await ask(client, "abstract_phone", PHONE, product="phonevalidation")

    assert isinstance(answer, Found)
    assert answer.values["phone_type"] == "mobile"


async def test_a_number_that_cannot_be_is_an_answer(client: Client) -> None:
    answer = await ask(client, "abstract_phone", {"phone_number": "+46701239999"})

    assert isinstance(answer, Found)
    assert answer.values == {"phone_is_valid": False}


async def test_gravatar_needs_no_key_and_says_less_then(client: Client) -> None:
    answer = await ask(client, "gravatar", ADA, api_key=None)

    assert isinstance(answer, Found)
    assert answer.values["nickname"] == "Ada K"
    assert "family_name" not in answer.values


@pytest.mark.parametrize(("kind", "known"), MISSES)
async def test_whom_the_stand_in_does_not_know_is_a_miss(
    client: Client, kind: str, known: dict[str, Any]
) -> None:
    assert await ask(client, kind, known) == Miss()


async def test_who_does_not_want_to_be_known_is_a_miss_for_good(client: Client) -> None:
    for kind in ("hunter_verifier", "hunter_person", "hunter_combined"):
        answer = await ask(client, kind, {"email": "erased@nordlake.example"})
        assert answer == Miss(suppressed=True)


async def test_hunter_verifies_for_a_while_then_says(client: Client) -> None:
    first = await ask(client, "hunter_verifier", ADA, api_key="pending-1")
    second = await ask(client, "hunter_verifier", ADA, api_key="pending-1")

    assert isinstance(first, Pending)
    assert isinstance(second, Found)


async def test_a_mail_server_that_misbehaves_is_no_verdict(client: Client) -> None:
    answer = await ask(client, "hunter_verifier", {"email": "smtp@halden.example"})

    assert isinstance(answer, Failed)
    assert answer.reason == "unavailable"


@pytest.mark.parametrize(("kind", "known", "key", "reason"), TROUBLED)
async def test_trouble_is_told_by_its_own_name(
    client: Client, kind: str, known: dict[str, Any], key: str, reason: str
) -> None:
    answer = await ask(client, kind, known, api_key=key)

    assert isinstance(answer, Failed)
    assert answer.reason == reason


@pytest.mark.parametrize(
    ("kind", "known", "least"),
    [("people_data_labs", ADA, 0), ("gravatar", ADA, 0), ("apollo_person", ADA, 60)],
)
async def test_a_throttled_vendor_says_when_to_come_again(
    client: Client, kind: str, known: dict[str, Any], least: float
) -> None:
    answer = await ask(client, kind, known, api_key="limit-429")

    assert isinstance(answer, Failed)
    assert answer.retry_after is not None
    assert least <= answer.retry_after <= 3600
