"""Receives what a stand-in vendor sends to the address it was given."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True)
class Received:
    """One request, its headers named in small letters."""

    query: str
    headers: dict[str, str]
    body: bytes


@asynccontextmanager
async def receiving() -> AsyncIterator[tuple[str, asyncio.Future[Received]]]:
    """Yield an address on this machine, and what will have come to it first."""
    first: asyncio.Future[Received] = asyncio.get_running_loop().create_future()

    async def receive(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        first.set_result(Received(request.query_string, headers, await request.read()))
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/", receive)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        async with asyncio.timeout(5):
            yield f"http://{host}:{port}/", first
    finally:
        await runner.cleanup()
