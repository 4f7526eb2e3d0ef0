"""An endpoint in a process of its own, which answers webhooks after the time their path says."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

ARRIVED = web.AppKey("arrived", list[float])


@contextmanager
def endpoint() -> Iterator[str]:
    """Run one, and return its address.

    `/wait/50` answers after 50 ms; `/arrived` says how many came within which seconds.
    """
    command = [sys.executable, "-m", "bench.endpoint"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


async def _wait(request: web.Request) -> web.Response:
    await request.read()
    request.app[ARRIVED].append(time.monotonic())
    if ms := int(request.match_info["ms"]):
        await asyncio.sleep(ms / 1000)
    return web.json_response({"is_allowed": True})


async def _arrived(request: web.Request) -> web.Response:
    times = request.app[ARRIVED]
    return web.json_response([len(times), times[-1] - times[0] if times else 0.0])


async def _forget(request: web.Request) -> web.Response:
    request.app[ARRIVED].clear()
    return web.Response()


async def _serve() -> None:
    app = web.Application()
    app[ARRIVED] = []
    app.add_routes(
        [
            web.post("/wait/{ms}", _wait),
            web.get("/arrived", _arrived),
            web.delete("/arrived", _forget),
        ]
    )
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
