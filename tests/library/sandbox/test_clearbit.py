"""The stand-in for Clearbit keeps to that vendor's wire contract, over real HTTP."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from tests.library.sandbox.receiver import receiving

from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.providers import kinds
from burnish.sandbox import clearbit, serve

ORIGIN = "https://person.clearbit.com"
PERSON, COMBINED = "/v2/people/find", "/v2/combined/find"
COMPANY, REVEAL, DOMAIN = "/v2/companies/find", "/v1/companies/find", "/v1/domains/find"

REFUSALS = [
    pytest.param(PERSON, {"email": "nobody@b.example"}, 404, "unknown_record", id="nobody"),
    pytest.param(PERSON, {"email": "info@b.example"}, 422, "email_invalid", id="a role"),
    pytest.param(PERSON, {"email": "ada"}, 422, "email_invalid", id="no address"),
    pytest.param(PERSON, {}, 422, "email_invalid", id="nothing asked"),
    pytest.param(COMPANY, {"domain": "gmail.com"}, 404, "unknown_record", id="free mail"),
    pytest.param(COMBINED, {"email": "nobody@nobody.example"}, 404, "unknown_record", id="neither"),
    pytest.param(REVEAL, {"ip": "203.0.113.1"}, 404, "unknown_record", id="at home"),
    pytest.param(REVEAL, {"ip": "10.0.0.1"}, 404, "unknown_record", id="private"),
    pytest.param(DOMAIN, {"name": "Nobody"}, 404, "unknown_record", id="no such name"),
    pytest.param("/v2/other", {}, 404, "unknown_route", id="another path"),
]


@pytest_asyncio.fixture
async def vendor() -> AsyncIterator[httpx.AsyncClient]:
    async with (
        serve((clearbit.VENDOR,)) as rewrites,
        httpx.AsyncClient(base_url=rewrites[ORIGIN], auth=("sk_k", "")) as client,
    ):
        yield client


async def test_ada_is_found_with_basic_and_with_bearer(vendor: httpx.AsyncClient) -> None:
    question = {"email": "ada@nordlake.example"}
    basic = await vendor.get(PERSON, params=question)
    headers = {"Authorization": "Bearer sk_k"}
    async with httpx.AsyncClient(base_url=vendor.base_url, headers=headers) as client:
        bearer = await client.get(PERSON, params=question)

    assert basic.json() == bearer.json()
    assert basic.json()["name"]["fullName"] == "Ada Kvist"
    assert basic.json()["linkedin"]["handle"].startswith("in/")
    assert basic.headers["x-api-version"] == "2019-12-19"


async def test_combined_has_a_null_for_the_half_that_is_not_known(
    vendor: httpx.AsyncClient,
) -> None:
    async def halves(email: str) -> tuple[bool, bool]:
        answer = (await vendor.get(COMBINED, params={"email": email})).json()
        return answer["person"] is not None, answer["company"] is not None

    assert await halves("ada@nordlake.example") == (True, True)
    assert await halves("nobody@nordlake.example") == (False, True)
    assert await halves("mina@mail.example") == (True, False)


async def test_some_addresses_are_a_companys(vendor: httpx.AsyncClient) -> None:
    answer = (await vendor.get(REVEAL, params={"ip": "203.0.113.9"})).json()

    assert answer["company"]["domain"] == answer["domain"] == "kestrel.example"
    assert answer["confidenceScore"] == "high"


async def test_a_name_leads_to_a_domain(vendor: httpx.AsyncClient) -> None:
    answer = (await vendor.get(DOMAIN, params={"name": "nordlake ab"})).json()

    assert (answer["name"], answer["domain"]) == ("Nordlake", "nordlake.example")


@pytest.mark.parametrize(("path", "query", "status", "slug"), REFUSALS)
async def test_a_request_gets_the_vendors_status_and_error_body(
    vendor: httpx.AsyncClient, path: str, query: dict[str, str], status: int, slug: str
) -> None:
    reply = await vendor.get(path, params=query)

    assert reply.status_code == status
    assert reply.json()["error"]["type"] == slug


@pytest.mark.parametrize(
    ("key", "status", "slug"),
    [
        ("", 401, "auth_required"),
        ("invalid", 401, "invalid_api_key"),
        ("credits", 402, "over_quota"),
        ("limit-429", 429, "rate_limit"),
    ],
)
async def test_a_key_is_refused_in_the_vendors_own_way(
    vendor: httpx.AsyncClient, key: str, status: int, slug: str
) -> None:
    reply = await vendor.get(PERSON, params={"email": "ada@nordlake.example"}, auth=(key, ""))

    assert (reply.status_code, reply.json()["error"]["type"]) == (status, slug)
    assert int(reply.headers["x-ratelimit-reset"]) > 1_700_000_000
    assert "Retry-After" not in reply.headers


async def test_reveal_tells_of_no_limit(vendor: httpx.AsyncClient) -> None:
    reply = await vendor.get(REVEAL, params={"ip": "203.0.113.9"})

    assert "x-ratelimit-limit" not in reply.headers


async def test_not_yet_comes_with_a_body_or_without_one(vendor: httpx.AsyncClient) -> None:
    later = {"auth": ("pending-1", "")}
    person = await vendor.get(PERSON, params={"email": "ada@nordlake.example"}, **later)
    company = await vendor.get(COMPANY, params={"domain": "nordlake.example"}, **later)

    assert person.status_code == company.status_code == 202
    assert person.content == b""
    assert company.json()["error"]["type"] == "queued"


@pytest.mark.parametrize("email", ["ada@nordlake.example", "nobody@b.example"])
async def test_what_is_sent_later_is_signed_and_read(vendor: httpx.AsyncClient, email: str) -> None:
    async with receiving() as (url, received):
        later = await vendor.get(
            PERSON,
            params={"email": email, "webhook_url": url, "webhook_id": "w1"},
            auth=("webhook", ""),
        )
        sent = await received

    kind = kinds()["clearbit_person"]
    provider = kind(kind.Settings.model_validate({"api_key": "sk_webhook"}))
    answer = provider.called_back(sent.body, sent.headers)
    assert later.status_code == 202
    assert json.loads(sent.body)["id"] == "w1"
    if email.startswith("nobody"):
        assert answer == Miss()
    else:
        assert isinstance(answer, Found)
        assert answer.values["name"] == "Ada Kvist"
