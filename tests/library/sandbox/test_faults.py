"""A fault is asked of a stand-in vendor by its API key."""

import asyncio
import json
import time
import zlib
from typing import Any

import httpx
import pytest

from burnish.sandbox import VENDORS, serve

ORIGIN = "https://api.ipgeolocation.io"


async def test_slow_answers_late_but_well() -> None:
    async with serve() as rewrites, httpx.AsyncClient() as client:
        began = time.monotonic()
        reply = await client.get(
            f"{rewrites[ORIGIN]}/ipgeo", params={"apiKey": "slow-300", "ip": "8.8.8.8"}
        )

        assert time.monotonic() - began >= 0.3
        assert reply.json()["city"] == "Mountain View"


async def test_garbage_is_a_success_that_is_not_json() -> None:
    async with serve() as rewrites, httpx.AsyncClient() as client:
        reply = await client.get(f"{rewrites[ORIGIN]}/ipgeo", params={"apiKey": "garbage"})

    assert reply.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        reply.json()


async def test_hang_ends_only_with_its_caller_and_others_are_answered_meanwhile() -> None:
    async with serve() as rewrites, httpx.AsyncClient() as client:
        address = f"{rewrites[ORIGIN]}/ipgeo"
        hanging = asyncio.create_task(client.get(address, params={"apiKey": "hang"}, timeout=0.5))
        answered = await client.get(address, params={"apiKey": "k", "ip": "8.8.8.8"})

        assert answered.status_code == 200
        with pytest.raises(httpx.ReadTimeout):
            await hanging


async def test_the_sandbox_stops_at_once_although_a_caller_hangs() -> None:
    async with httpx.AsyncClient() as client:
        async with serve() as rewrites:
            address = f"{rewrites[ORIGIN]}/ipgeo"
            hanging = asyncio.create_task(client.get(address, params={"apiKey": "hang"}))
            await asyncio.sleep(0.2)
            began = time.monotonic()

        assert time.monotonic() - began < 2
        with pytest.raises(httpx.TransportError):
            await hanging


async def ask(key: str, times: int = 1, **options: Any) -> list[httpx.Response]:
    """Ask the stand-in with `key`, one request after the other."""
    async with serve() as rewrites, httpx.AsyncClient() as client:
        address = f"{rewrites[ORIGIN]}/v3/ipgeo"
        params = {"apiKey": key, "ip": "8.8.8.8"}
        return [await client.get(address, params=params, **options) for _ in range(times)]


@pytest.mark.parametrize(("key", "status"), [("invalid", 401), ("credits", 429)])
async def test_a_key_can_be_wrong_or_used_up_in_the_vendors_own_way(key: str, status: int) -> None:
    (reply,) = await ask(key)

    assert reply.status_code == status
    assert list(reply.json()) == ["message"]


async def test_drift_has_the_vendors_names_and_none_of_its_types() -> None:
    good, drifted = (await ask("k"))[0].json(), (await ask("drift"))[0].json()

    assert drifted.keys() == good.keys()
    assert drifted["location"].keys() == good["location"].keys()
    assert drifted["location"]["city"] == len("Mountain View")
    assert drifted["location"]["latitude"] == {"value": "37.42240"}
    assert drifted["location"]["is_eu"] == "no"
    assert drifted["time_zone"]["dst_savings"] == [good["time_zone"]["dst_savings"]]


async def test_long_has_texts_of_a_megabyte() -> None:
    (reply,) = await ask("long")

    assert len(reply.json()["location"]["city"]) == 1_000_000
    assert reply.json()["location"]["is_eu"] is False


async def test_huge_has_100_megabytes_and_does_not_say_so_first() -> None:
    async with serve() as rewrites, httpx.AsyncClient() as client:
        address, params = f"{rewrites[ORIGIN]}/ipgeo", {"apiKey": "huge"}
        size = 0
        async with client.stream("GET", address, params=params) as reply:
            assert "Content-Length" not in reply.headers
            async for part in reply.aiter_bytes():
                size += len(part)

    assert size > 100_000_000


async def test_bomb_is_small_and_unpacks_to_100_megabytes() -> None:
    async with serve() as rewrites, httpx.AsyncClient() as client:
        address, params = f"{rewrites[ORIGIN]}/ipgeo", {"apiKey": "bomb"}
        async with client.stream("GET", address, params=params) as reply:
            packed = b"".join([part async for part in reply.aiter_raw()])

    assert reply.headers["Content-Encoding"] == "gzip"
    assert len(packed) < 200_000
    assert len(zlib.decompress(packed, wbits=31)) > 100_000_000


async def test_redirect_leads_to_where_clouds_keep_secrets() -> None:
    (reply,) = await ask("redirect")

    assert reply.status_code == 302
    assert reply.headers["Location"] == "http://169.254.169.254/"


async def test_half_closes_the_connection_before_the_answer_is_whole() -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await ask("half")


async def test_rate_refuses_what_comes_too_fast_until_a_second_has_passed() -> None:
    async with serve() as rewrites, httpx.AsyncClient() as client:
        address = f"{rewrites[ORIGIN]}/ipgeo"

        async def status() -> int:
            return (await client.get(address, params={"apiKey": "rate-3"})).status_code

        assert [await status() for _ in range(4)] == [200, 200, 200, 429]
        await asyncio.sleep(1.1)
        assert await status() == 200


async def test_a_vendor_that_knows_no_waiting_answers_at_once() -> None:
    assert [reply.status_code for reply in await ask("pending-2")] == [200]
    assert [reply.status_code for reply in await ask("webhook")] == [200]


@pytest.mark.parametrize("key", ["error-404", "slow", "long-lived-key", "pk_drift"])
async def test_other_keys_are_only_keys(key: str) -> None:
    assert [reply.status_code for reply in await ask(key)] == [200]


async def test_every_origin_of_every_vendor_is_rewritten_to_a_loopback_port() -> None:
    async with serve() as rewrites:
        assert set(rewrites) == {origin for vendor in VENDORS for origin in vendor.origins}
        assert all(here.startswith("http://127.0.0.1:") for here in rewrites.values())


async def test_nothing_listens_after_the_sandbox_has_ended() -> None:
    async with serve() as rewrites:
        here = rewrites[ORIGIN]

    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"{here}/ipgeo")
