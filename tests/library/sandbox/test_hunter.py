"""The stand-in for Hunter keeps to that vendor's wire contract, over real HTTP."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from burnish.sandbox import hunter, serve

ADA = {"email": "ada@nordlake.example"}
NORDLAKE = {"domain": "nordlake.example"}
ASKED = [
    ("/v2/email-verifier", ADA),
    ("/v2/people/find", ADA),
    ("/v2/companies/find", NORDLAKE),
    ("/v2/combined/find", ADA),
]
REFUSALS = [
    ("", 401, "authentication_failed"),
    ("invalid", 401, "authentication_failed"),
    ("limit-429", 403, "too_many_requests"),
    ("credits", 429, "usage_exceeded"),
    ("error-502", 502, "internal_error"),
]


@pytest_asyncio.fixture
async def vendor() -> AsyncIterator[httpx.AsyncClient]:
    async with serve((hunter.VENDOR,)) as rewrites:
        origin = next(iter(rewrites.values()))
        async with httpx.AsyncClient(base_url=origin) as client:
            yield client


def error_of(reply: httpx.Response) -> tuple[int, str, int]:
    error = reply.json()["errors"][0]
    return reply.status_code, error["id"], error["code"]


async def look_up(vendor: httpx.AsyncClient, path: str, **query: str) -> Any:
    reply = await vendor.get(path, params={"api_key": "any", **query})
    assert reply.status_code == 200, reply.text
    return reply.json()["data"]


@pytest.mark.parametrize(("path", "query"), ASKED)
@pytest.mark.parametrize(("key", "status", "name"), REFUSALS)
async def test_403_is_the_rate_and_429_are_the_credits(
    vendor: httpx.AsyncClient, path: str, query: dict[str, str], key: str, status: int, name: str
) -> None:
    reply = await vendor.get(path, params=query, headers={"X-API-KEY": key})

    assert error_of(reply) == (status, name, status)


@pytest.mark.parametrize(("path", "query"), ASKED)
async def test_a_key_is_taken_in_three_ways_and_parameters_are_needed(
    vendor: httpx.AsyncClient, path: str, query: dict[str, str]
) -> None:
    ways: list[dict[str, Any]] = [
        {"params": {**query, "api_key": "any"}},
        {"params": query, "headers": {"X-API-KEY": "any"}},
        {"params": query, "headers": {"Authorization": "Bearer any"}},
    ]
    for way in ways:
        reply = await vendor.get(path, **way)
        assert reply.json()["meta"]["params"] == query

    lacking = await vendor.get(path, headers={"X-API-KEY": "any"})
    assert error_of(lacking) == (400, "wrong_params", 400)


async def test_the_verifier_says_how_good_an_address_is(vendor: httpx.AsyncClient) -> None:
    verifier = "/v2/email-verifier"

    assert (await look_up(vendor, verifier, email="ada@nordlake.example"))["status"] == "valid"
    assert (await look_up(vendor, verifier, email="nobody@x.example"))["status"] == "invalid"
    assert (await look_up(vendor, verifier, email="mina@mail.example"))["status"] == "webmail"


async def test_202_222_and_451_are_vendors_own(vendor: httpx.AsyncClient) -> None:
    verifier, headers = "/v2/email-verifier", {"X-API-KEY": "pending-1"}
    statuses = [
        (await vendor.get(verifier, params=ADA, headers=headers)).status_code for _ in range(2)
    ]
    smtp = await vendor.get(verifier, params={"email": "smtp@x.example", "api_key": "any"})
    erased = await vendor.get(verifier, params={"email": "erased@x.example", "api_key": "any"})

    assert statuses == [202, 200]
    assert error_of(smtp) == (222, "smtp_failed", 222)
    assert error_of(erased) == (451, "claimed_email", 451)


async def test_what_differs_from_clearbit(vendor: httpx.AsyncClient) -> None:
    person = await look_up(vendor, "/v2/people/find", linkedin_handle="adakvist")
    company = await look_up(vendor, "/v2/companies/find", **NORDLAKE)

    assert person["linkedin"] == {"handle": "adakvist"}
    assert person["emailProvider"] is None
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", person["indexedAt"])
    assert company["metrics"]["employees"] == "11-50"
    assert company["company_type"] == "private"


async def test_half_of_a_combined_answer_may_be_null(vendor: httpx.AsyncClient) -> None:
    combined = "/v2/combined/find"
    free = await look_up(vendor, combined, email="mina@mail.example")
    unknown = await look_up(vendor, combined, email="nobody@nordlake.example")
    neither = await vendor.get(combined, params={"email": "nobody@gmail.com", "api_key": "any"})

    assert (free["person"]["name"]["fullName"], free["company"]) == ("Mina Rautio", None)
    assert (unknown["person"], unknown["company"]["name"]) == (None, "Nordlake")
    assert error_of(neither) == (404, "not_found", 404)
