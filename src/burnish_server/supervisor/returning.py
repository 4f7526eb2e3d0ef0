"""Work that needs the database, begun again whenever the database was lost."""

import asyncio
from collections.abc import Awaitable, Callable

import psycopg
import structlog
from procrastinate.exceptions import ConnectorException
from psycopg_pool import PoolTimeout

log = structlog.get_logger("burnish.worker")

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
STEADY_SECONDS = 30.0
"""Work that went on for so long is begun again without a pause growing from earlier losses."""

LOST = (ConnectorException, psycopg.OperationalError, PoolTimeout)


async def keep(work: Callable[[], Awaitable[None]]) -> None:
    """Do the work until it returns; begin it again, ever later, where it lost the database.

    What it raises beside that is raised.
    """
    clock = asyncio.get_running_loop().time
    pause = FIRST_PAUSE
    while True:
        began = clock()
        try:
            return await work()
        except BaseExceptionGroup as group:
            if group.split(LOST)[1] is not None:
                raise
        except LOST:
            """The pause follows."""
        pause = FIRST_PAUSE if clock() - began > STEADY_SECONDS else pause
        log.warning("database lost, trying again", seconds=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
