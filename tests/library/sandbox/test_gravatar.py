"""The stand-in for Gravatar keeps to that vendor's wire contract, over real HTTP."""

import time
from collections.abc import AsyncIterator
from hashlib import md5, sha256

import httpx
import pytest
import pytest_asyncio

from burnish.sandbox import gravatar, serve

ADA = sha256(b"ada@nordlake.example").hexdigest()
MINA = sha256(b"mina@mail.example").hexdigest()


@pytest_asyncio.fixture
async def vendor() -> AsyncIterator[httpx.AsyncClient]:
    async with serve((gravatar.VENDOR,)) as rewrites:
        origin = next(iter(rewrites.values()))
        async with httpx.AsyncClient(base_url=f"{origin}/v3/profiles/") as client:
            yield client


async def test_everybody_may_see_a_profile_and_what_is_not_set_is_empty(
    vendor: httpx.AsyncClient,
) -> None:
    ada, mina = (await vendor.get(ADA)).json(), (await vendor.get(MINA)).json()

    assert ada["hash"] == ADA
    assert (ada["display_name"], ada["company"], ada["pronouns"]) == ("Ada K", "Nordlake", "")
    assert mina["company"] == ""
    assert "timezone" not in ada


async def test_a_key_shows_more_and_may_ask_more(vendor: httpx.AsyncClient) -> None:
    anonymous = await vendor.get(ADA)
    keyed = await vendor.get(ADA, headers={"Authorization": "Bearer any"})

    assert keyed.json()["timezone"] == "Europe/Stockholm"
    assert [one["name"] for one in keyed.json()["interests"]] == ["lakes", "chess"]
    assert anonymous.headers["X-RateLimit-Limit"] == "100"
    assert keyed.headers["X-RateLimit-Limit"] == "1000"


async def test_a_profile_is_found_by_its_name_too(vendor: httpx.AsyncClient) -> None:
    assert (await vendor.get("adakvist")).json()["hash"] == ADA


@pytest.mark.parametrize(
    "wanted",
    [
        sha256(b"nobody@nordlake.example").hexdigest(),
        md5(b"ada@nordlake.example", usedforsecurity=False).hexdigest(),
        "ada@nordlake.example",
    ],
    ids=["unknown", "MD5", "an address"],
)
async def test_nobody_else_is_found(vendor: httpx.AsyncClient, wanted: str) -> None:
    reply = await vendor.get(wanted)

    assert reply.status_code == 404
    assert set(reply.json()) == {"error", "code"}


async def test_refusals_are_the_vendors(vendor: httpx.AsyncClient) -> None:
    wrong = await vendor.get(ADA, headers={"Authorization": "Bearer invalid"})
    limit = await vendor.get(ADA, headers={"Authorization": "Bearer limit-429"})

    assert wrong.status_code == 401
    assert (limit.status_code, limit.json()["code"]) == (429, "rate_limit_exceeded")
    assert limit.headers["X-RateLimit-Remaining"] == "0"
    assert time.time() <= int(limit.headers["X-RateLimit-Reset"]) <= time.time() + 3600
