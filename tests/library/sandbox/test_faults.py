"""A fault is asked of a stand-in vendor by its API key."""

import asyncio
import json
import time

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
