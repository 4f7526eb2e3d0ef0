"""The stand-ins for Abstract's products keep to that vendor's wire contract, over real HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from burnish.sandbox import abstract, serve

PRODUCTS = [
    ("ipgeolocation", {"ip_address": "8.8.8.8"}),
    ("emailreputation", {"email": "ada@nordlake.example"}),
    ("phoneintelligence", {"phone": "+46701234567"}),
    ("phonevalidation", {"phone": "+46701234567"}),
]
REFUSALS = [
    ("", 401, "unauthorized"),
    ("invalid", 401, "unauthorized"),
    ("limit-429", 429, "too_many_requests"),
    ("credits", 422, "quota_reached"),
    ("error-503", 503, "internal_server_error"),
]


@pytest_asyncio.fixture
async def origins() -> AsyncIterator[dict[str, str]]:
    async with serve(abstract.VENDORS) as rewrites:
        yield rewrites


async def get(origins: dict[str, str], product: str, **query: str) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        here = origins[f"https://{product}.abstractapi.com"]
        return await client.get(f"{here}/v1/", params={"api_key": "any", **query})


@pytest.mark.parametrize(("product", "query"), PRODUCTS)
@pytest.mark.parametrize(("key", "status", "code"), REFUSALS)
async def test_a_quota_is_422_and_a_rate_is_429(
    origins: dict[str, str], product: str, query: dict[str, Any], key: str, status: int, code: str
) -> None:
    reply = await get(origins, product, **query, api_key=key)

    assert reply.status_code == status
    assert reply.json()["error"]["code"] == code
    assert reply.json()["error"]["message"]


@pytest.mark.parametrize("product", [product for product, _ in PRODUCTS])
async def test_what_cannot_be_asked_about_is_refused(origins: dict[str, str], product: str) -> None:
    nothing = await get(origins, product)
    nonsense = await get(origins, product, ip_address="x", email="x", phone="x")

    assert (nothing.status_code, nonsense.status_code) == (400, 400)


async def test_an_unknown_ip_address_is_a_200_full_of_nulls(origins: dict[str, str]) -> None:
    known = (await get(origins, "ipgeolocation", ip_address="8.8.8.8")).json()
    unknown = (await get(origins, "ipgeolocation", ip_address="192.0.2.7")).json()

    assert (known["city"], known["timezone"]["name"]) == ("Mountain View", "America/Los_Angeles")
    assert known["longitude"] < -100
    assert (unknown["city"], unknown["country"]) == (None, None)


async def test_an_address_is_judged_and_its_owner_named(origins: dict[str, str]) -> None:
    ada = (await get(origins, "emailreputation", email="ada@nordlake.example")).json()
    nobody = (await get(origins, "emailreputation", email="nobody@gmail.com")).json()

    assert ada["email_deliverability"]["status"] == "deliverable"
    assert ada["email_sender"]["first_name"] == "Ada"
    assert nobody["email_deliverability"]["status"] == "unknown"
    assert nobody["email_quality"]["is_free_email"] is True


async def test_a_number_is_told_in_two_shapes(origins: dict[str, str]) -> None:
    now = (await get(origins, "phoneintelligence", phone="+46701234567")).json()
    before = (await get(origins, "phonevalidation", phone="+46701234567")).json()

    assert now["phone_validation"]["is_valid"] is before["valid"] is True
    assert now["phone_carrier"]["line_type"] == "Wireless"
    assert now["phone_location"]["country_code"] == before["country"]["code"] == "SE"
    assert before["type"] == "mobile"


async def test_a_number_that_cannot_be_is_a_200(origins: dict[str, str]) -> None:
    reply = (await get(origins, "phoneintelligence", phone="+46701239999")).json()

    assert reply["phone_validation"]["is_valid"] is False
    assert reply["phone_location"]["country_code"] is None
