"""What does a webhook cost above the time its endpoint takes?"""

import asyncio
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from bench.endpoint import endpoint
from bench.measure import show, timing

EVENT = json.loads((Path(__file__).parents[1] / "examples/start/event.json").read_text())
KEY = b"only-for-benches"
WAITS = (0, 50)
METHOD = (
    "engine.run and Dispatcher.call from the calling thread to an endpoint in a process of its own "
    "and back, signed both ways; 1,000 calls\n(200 where it waits) one after the other. Beside it: "
    "a bare aiohttp session's post of the same body. Owed: 3 ms above the endpoint's own time."
)


def bench() -> None:
    """Print the table."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, endpoint() as url:
        os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/nothing")
        os.environ["BURNISH_DATA_DIR"] = folder
        os.environ["BURNISH_OUTBOUND_ALLOW_PRIVATE"] = urlsplit(url).netloc
        os.environ["DJANGO_SETTINGS_MODULE"] = "burnish_server.project.settings"
        # Django reads its settings when this module is imported, so not before they are named.
        from burnish.hooks.hook import Hook
        from burnish.hooks.webhook import Webhook
        from burnish_server import engine

        try:
            for wait in WAITS:
                address = f"{url}/wait/{wait}"
                hook = Hook("bench", ("user.pre_create",), Webhook(address, (KEY,)))

                def call(hook: Hook = hook) -> None:
                    reply = engine.run(lambda e: e.dispatcher.call(hook, EVENT, 5.0), timeout=6)
                    assert reply.body == {"is_allowed": True}, reply

                calls = 200 if wait else 1000
                timing(call, 20)
                ours, bare = timing(call, calls), asyncio.run(_bare(address, calls))
                above = f"{ours.p50 - wait:.2f}"
                figures = f"{ours.p50:.2f}", above, f"{ours.p95:.2f}", f"{bare:.2f}"
                rows.append((f"waits {wait} ms", *figures, f"{ours.p50 - bare:+.2f}"))
        finally:
            engine.close()
    columns = ("endpoint", "p50 ms", "above its own", "p95 ms", "bare p50 ms", "to bare")
    show("webhook", METHOD, columns, rows)


async def _bare(url: str, calls: int) -> float:
    """Return the median milliseconds of a bare post."""
    taken = []
    async with aiohttp.ClientSession() as session:
        for _ in range(calls):
            started = time.perf_counter()
            async with session.post(url, json=EVENT) as response:
                await response.json()
            taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)
