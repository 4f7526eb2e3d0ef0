"""A vendor of places in a process of its own, which takes its time and may have a limit."""

import asyncio
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

ANSWER = {
    "location": {"city": "Nordlake", "country_name": "Sweden", "country_code2": "SE"},
    "time_zone": {"name": "Europe/Stockholm"},
}
CAME = web.AppKey("came", deque[float])
COUNTS = web.AppKey("counts", dict[str, int])


@contextmanager
def vendor() -> Iterator[str]:
    """Run one, and return its address.

    A key `wait-100-0` is answered after 100 ms; with `wait-0-100` those above 100 in any second
    are refused. `/counts` says how many were answered and refused.
    """
    command = [sys.executable, "-m", "bench.vendor"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


async def _answer(request: web.Request) -> web.Response:
    _, ms, limit = request.query["apiKey"].split("-")
    if int(limit) and _came_within_a_second(request.app[CAME]) > int(limit):
        request.app[COUNTS]["refused"] += 1
        return web.json_response({"message": "too many"}, status=429)
    if int(ms):
        await asyncio.sleep(int(ms) / 1000)
    request.app[COUNTS]["answered"] += 1
    return web.json_response(ANSWER)


def _came_within_a_second(came: deque[float]) -> int:
    now = time.monotonic()
    came.append(now)
    while came[0] <= now - 1:
        came.popleft()
    return len(came)


async def _counts(request: web.Request) -> web.Response:
    counts = dict(request.app[COUNTS])
    request.app[COUNTS].update(answered=0, refused=0)
    return web.json_response(counts)


async def _serve() -> None:
    app = web.Application()
    app[CAME], app[COUNTS] = deque(), {"answered": 0, "refused": 0}
    app.add_routes([web.get("/v3/ipgeo", _answer), web.get("/counts", _counts)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
