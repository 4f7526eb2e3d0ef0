"""Work that needs the database, begun again whenever the database was lost, until told to end."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import psycopg
import structlog
from procrastinate.exceptions import ConnectorException
from psycopg_pool import PoolTimeout

log = structlog.get_logger("burnish.worker")

Work = Callable[[], Coroutine[Any, Any, None]]

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
STEADY_SECONDS = 30.0
"""Work that went on for so long is begun again without a pause growing from earlier losses."""

LOST = (ConnectorException, psycopg.OperationalError, PoolTimeout)


async def keep(work: Work) -> None:
    """Do the work until SIGTERM or SIGINT, on which it is cancelled; begin it again, ever later,
    where it lost the database.

    The job queue returns as if nothing had happened once it cannot listen any more, so work that
    ends before it was told to has lost the database as well. What it raises beside that is raised.
    """
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    pause = FIRST_PAUSE
    while not told.is_set():
        began = loop.time()
        try:
            await _until(told, work)
        except BaseExceptionGroup as group:
            if group.split(LOST)[1] is not None:
                raise
        except LOST:
            """The pause follows."""
        if told.is_set():
            return
        pause = FIRST_PAUSE if loop.time() - began > STEADY_SECONDS else pause
        log.warning("database lost, trying again", seconds=pause)
        with suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _until(told: asyncio.Event, work: Work) -> None:
    """Do the work, and cancel it once told to. Raises what it raises."""
    working, waiting = asyncio.create_task(work()), asyncio.create_task(told.wait())
    await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if told.is_set():
        working.cancel()
    with suppress(asyncio.CancelledError):
        await working
