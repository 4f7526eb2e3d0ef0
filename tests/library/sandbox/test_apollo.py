"""The stand-in for Apollo keeps to that vendor's wire contract, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from tests.library.sandbox.receiver import receiving

from burnish.enrichment.outcome import Found
from burnish.enrichment.providers.apollo import ApolloPerson
from burnish.sandbox import apollo, serve

MATCH, ENRICH = "/api/v1/people/match", "/api/v1/organizations/enrich"
KEY = {"x-api-key": "any"}
ADA = {"email": "ada@nordlake.example"}


@pytest_asyncio.fixture
async def vendor() -> AsyncIterator[httpx.AsyncClient]:
    async with serve((apollo.VENDOR,)) as rewrites:
        origin = next(iter(rewrites.values()))
        async with httpx.AsyncClient(base_url=origin) as client:
            yield client


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "invalid"}])
async def test_a_wrong_key_is_refused_in_plain_text(
    vendor: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    for reply in (
        await vendor.post(MATCH, params=ADA, headers=headers),
        await vendor.get(ENRICH, params={"domain": "nordlake.example"}, headers=headers),
    ):
        assert reply.status_code == 401
        assert reply.headers["content-type"].startswith("text/plain")
        assert "x-rate-limit-minute" not in reply.headers


async def test_too_many_says_when_to_come_again(vendor: httpx.AsyncClient) -> None:
    reply = await vendor.post(MATCH, params=ADA, headers={"x-api-key": "limit-429"})

    assert reply.status_code == 429
    assert reply.headers["retry-after"] == "60"
    assert "times per hour" in reply.json()["message"]


async def test_who_is_unknown_is_a_200_without_anybody(vendor: httpx.AsyncClient) -> None:
    person = await vendor.post(MATCH, params={"email": "nobody@x.example"}, headers=KEY)
    company = await vendor.get(ENRICH, params={"domain": "nobody.example"}, headers=KEY)

    assert (person.status_code, person.json()["person"]) == (200, None)
    assert (company.status_code, company.json()) == (200, {})


async def test_parameters_stand_in_the_query(vendor: httpx.AsyncClient) -> None:
    found = await vendor.post(MATCH, params=ADA, headers={"Authorization": "Bearer any"})
    in_the_body = await vendor.post(MATCH, json=ADA, headers=KEY)

    assert found.json()["person"]["organization"]["primary_domain"] == "nordlake.example"
    assert found.headers["x-rate-limit-minute"] == "50"
    assert found.headers["x-minute-requests-left"] == "49"
    assert in_the_body.json()["person"] is None


async def test_missing_parameters_are_told(vendor: httpx.AsyncClient) -> None:
    company = await vendor.get(ENRICH, headers=KEY)
    phone = await vendor.post(MATCH, params={**ADA, "reveal_phone_number": "true"}, headers=KEY)

    assert (company.status_code, phone.status_code) == (422, 400)
    assert "domain" in company.json()["error"]
    assert "webhook_url" in phone.json()["error"]


async def test_a_mobile_number_is_sent_later_to_the_address_it_was_asked_for_with(
    vendor: httpx.AsyncClient,
) -> None:
    settings = ApolloPerson.Settings.model_validate({"api_key": "any", "reveal_phone": True})
    provider = ApolloPerson(settings)
    async with receiving() as (address, first):
        asked = provider.ask({**ADA, "callback_url": f"{address}?token=x"})

        reply = await vendor.post(MATCH, params=asked.url.params, headers=KEY)
        assert "phone_numbers" not in reply.text
        assert not first.done()
        received = await first

    assert received.query == "token=x"
    assert provider.called_back(received.body, received.headers) == Found(
        {"mobile_phone": "+46701234567"}, confidence=0.7, record=reply.json()["person"]["id"]
    )


async def test_no_number_is_sent_unless_it_is_asked_for(vendor: httpx.AsyncClient) -> None:
    async with receiving() as (address, first):
        await vendor.post(MATCH, params={**ADA, "webhook_url": address}, headers=KEY)

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(first, 0.5)
