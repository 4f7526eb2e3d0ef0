"""The stand-in for IPinfo keeps to that vendor's wire contract, over real HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from burnish.sandbox import ipinfo, serve

ORIGIN = "https://ipinfo.io"
TOKEN = {"Authorization": "Bearer k"}
WRONG = "Please provide a valid IP address"

ENVELOPES: list[Any] = [
    pytest.param("/lookup/8.8.8.8", {}, 403, {"title": "Unknown token"}, id="core, no token"),
    pytest.param("/lite/8.8.8.8", {}, 403, {"status": 403}, id="lite, no token"),
    pytest.param("/lite/999", TOKEN, 400, {"error": WRONG}, id="lite, no address"),
    pytest.param("/lookup/999", TOKEN, 400, {"title": "Wrong module or field type"}, id="core"),
    pytest.param(
        "/999/json",
        TOKEN,
        404,
        {"status": 404, "error": {"title": "Wrong ip", "message": WRONG}},
        id="legacy, no address",
    ),
]


@pytest_asyncio.fixture
async def vendor() -> AsyncIterator[httpx.AsyncClient]:
    async with (
        serve((ipinfo.VENDOR,)) as rewrites,
        httpx.AsyncClient(base_url=rewrites[ORIGIN]) as client,
    ):
        yield client


async def test_lite_names_the_country_and_legacy_writes_its_code(vendor: httpx.AsyncClient) -> None:
    lite = (await vendor.get("/lite/8.8.8.8", headers=TOKEN)).json()
    legacy = (await vendor.get("/8.8.8.8/json", headers=TOKEN)).json()

    assert (lite["country"], lite["country_code"]) == ("United States", "US")
    assert legacy["country"] == "US"
    assert legacy["loc"] == "37.4224,-122.0842"
    assert legacy["org"] == f"{lite['asn']} {lite['as_name']}"
    assert len(lite) == 8


async def test_core_is_nested(vendor: httpx.AsyncClient) -> None:
    core = (await vendor.get("/lookup/8.8.8.8", headers=TOKEN)).json()

    assert core["geo"]["city"] == "Mountain View"
    assert core["geo"]["region_code"] == "CA"
    assert core["geo"]["latitude"] == 37.4224
    assert core["as"]["type"] == "isp"


async def test_a_token_is_taken_in_three_ways(vendor: httpx.AsyncClient) -> None:
    path = "/lookup/8.8.8.8"
    bearer = await vendor.get(path, headers=TOKEN)
    basic = await vendor.get(path, auth=("k", ""))
    query = await vendor.get(path, params={"token": "k"})

    assert bearer.json() == basic.json() == query.json()


async def test_a_private_address_is_a_bogon_and_an_unknown_one_is_sparse(
    vendor: httpx.AsyncClient,
) -> None:
    bogon = await vendor.get("/10.0.0.1", headers=TOKEN)
    sparse = await vendor.get("/lite/192.0.2.7", headers=TOKEN)

    assert bogon.json() == {"ip": "10.0.0.1", "bogon": True}
    assert sparse.json() == {"ip": "192.0.2.7"}


@pytest.mark.parametrize(("path", "headers", "status", "parts"), ENVELOPES)
async def test_errors_come_in_three_envelopes(
    vendor: httpx.AsyncClient,
    path: str,
    headers: dict[str, str],
    status: int,
    parts: dict[str, Any],
) -> None:
    reply = await vendor.get(path, headers=headers)

    assert reply.status_code == status
    assert parts.items() <= reply.json().items()


async def test_a_used_up_month_has_no_moment_to_come_again(vendor: httpx.AsyncClient) -> None:
    spent = await vendor.get("/lookup/8.8.8.8", params={"token": "credits"})
    fast = await vendor.get("/lookup/8.8.8.8", params={"token": "limit-429"})

    assert spent.status_code == fast.status_code == 429
    assert spent.json()["title"] == "Rate limit exceeded"
    assert "Retry-After" not in spent.headers
    assert fast.headers["Retry-After"] == "1"


async def test_broken_is_plain_text(vendor: httpx.AsyncClient) -> None:
    reply = await vendor.get("/lite/8.8.8.8", params={"token": "error-500"})

    assert reply.status_code == 500
    assert reply.headers["Content-Type"].startswith("text/plain")
