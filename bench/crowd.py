"""Many visitors at once, in a process of their own: started as `python -m bench.crowd`."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from itertools import count
from statistics import quantiles
from typing import Any

from bench.measure import Timing
from bench.pinned import starts
from bench.wire import Visitor

Visit = Callable[[Visitor, dict[str, Any], int], Awaitable[None]]


@dataclass(frozen=True)
class Seen:
    """What a crowd saw: under `all` every request, under `visits` whole ones, and each kind's own.

    `made` is how many visits were made in all, those of warming up included.
    """

    timings: dict[str, Timing]
    made: int


def crowd(
    visit: str,
    url: str,
    told: dict[str, Any],
    *,
    clients: int,
    seconds: float,
    warm: float = 1.0,
    cpus: set[int] | None = None,
) -> Seen:
    """Have so many clients make one visit after the other, and return what was seen.

    `visit` is `module:function`; it is called with a visitor, with what it is `told`, and with
    a number of its own. Visits count that end in the given seconds, after those of warming up.
    """
    order = {"visit": visit, "url": url, "told": told, "clients": clients}
    order |= {"seconds": seconds, "warm": warm}
    done = subprocess.run(
        [sys.executable, "-m", "bench.crowd"],
        input=json.dumps(order),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        **starts(cpus),
    )
    said = json.loads(done.stdout)
    return Seen(
        {kind: _timing(taken, seconds) for kind, taken in said["taken"].items()}, said["visits"]
    )


def _timing(taken: list[float], seconds: float) -> Timing:
    percentiles = quantiles(taken, n=100, method="inclusive") if len(taken) > 1 else taken * 99
    return Timing(percentiles[49], percentiles[94], len(taken) / seconds)


async def _come(order: dict[str, Any]) -> dict[str, Any]:
    module, _, name = order["visit"].partition(":")
    visit: Visit = getattr(import_module(module), name)
    numbers = count()
    begin = time.monotonic() + order["warm"]
    end = begin + order["seconds"]
    taken: dict[str, list[float]] = {"all": [], "visits": []}

    async def come() -> None:
        visitor = Visitor(order["url"])
        while (came := time.monotonic()) < end:
            visitor.taken.clear()
            await visit(visitor, order["told"], next(numbers))
            left = time.monotonic()
            if begin <= left <= end:
                taken["visits"].append((left - came) * 1000)
                for kind, one in visitor.taken:
                    taken.setdefault(kind, []).append(one)
                    taken["all"].append(one)

    await asyncio.gather(*(come() for _ in range(order["clients"])))
    return {"taken": taken, "visits": next(numbers)}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_come(json.load(sys.stdin)))))
