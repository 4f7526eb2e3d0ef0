"""Filling rows on one event loop, many at once, where somebody outside is asked."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator

from burnish.enrichment.files.block import Batch
from burnish.enrichment.files.filler import Filler
from burnish.enrichment.files.layout import Layout
from burnish.enrichment.files.worker import Done, finished

AHEAD = 8
"""How many batches may be under way at once: this bounds memory."""


async def fill(
    filler: Filler,
    layout: Layout,
    batches: Iterator[Batch],
    concurrency: int,
    take: Callable[[Done], None],
) -> None:
    """Fill batches with so many rows under way at once, and hand them over in their order."""
    places = asyncio.Semaphore(concurrency)
    under_way: deque[asyncio.Task[Done]] = deque()
    try:
        for batch in batches:
            under_way.append(asyncio.create_task(_fill(filler, layout, batch, places)))
            await asyncio.sleep(0)
            while len(under_way) >= AHEAD or (under_way and under_way[0].done()):
                take(await under_way[0])
                under_way.popleft()
        while under_way:
            take(await under_way[0])
            under_way.popleft()
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


async def _fill(filler: Filler, layout: Layout, batch: Batch, places: asyncio.Semaphore) -> Done:
    block, broken = layout.decode(batch)
    filled = await filler.fill_slowly(block, places)
    return finished(layout, batch, block, broken, filled)
