"""`burnish worker`: the jobs."""

import asyncio
import os
from typing import TYPE_CHECKING, Annotated

import typer

from burnish_server.cli import database
from burnish_server.supervisor import lifeline

if TYPE_CHECKING:
    from procrastinate import App

CONCURRENCY = 4
NICENESS = 10
"""How far the worker stands back where it shares a processor with the pages people wait for."""
GRACE_SECONDS = 2.0
"""How long running jobs get to finish when the worker is told to end."""


def worker(
    concurrency: Annotated[
        int, typer.Option(min=1, help="Jobs worked on at a time.")
    ] = CONCURRENCY,
) -> None:
    """Work on jobs. Start as many workers, on as many machines, as you like."""
    lifeline.guard()
    os.nice(NICENESS)
    database.connect(waits=True)
    database.require_open()
    asyncio.run(_work(concurrency))


async def _work(concurrency: int) -> None:
    # The job queue and the models exist only once Django is set up.
    from procrastinate.contrib.django import app

    from burnish_server import engine
    from burnish_server.hooks.courier import Courier
    from burnish_server.profiles import late
    from burnish_server.supervisor import returning
    from burnish_server.supervisor.connector import WorkerConnector

    running = engine.current()
    courier = Courier(running.dispatcher, late.settle)
    delivering = asyncio.wrap_future(asyncio.run_coroutine_threadsafe(courier.run(), running.loop))
    try:
        with app.replace_connector(WorkerConnector(concurrency + 1)) as jobs:
            await returning.keep(lambda: _run(jobs, concurrency))
    finally:
        running.loop.call_soon_threadsafe(courier.stop, GRACE_SECONDS)
        await delivering
        await asyncio.to_thread(engine.close)


async def _run(jobs: "App", concurrency: int) -> None:
    """Work until cancelled. Returns, or raises, once the queue has lost the database."""
    # The job queue and the models, as above.
    from burnish_server.imports import idle
    from burnish_server.supervisor import stalled

    async with jobs.open_async():
        watching = [asyncio.create_task(one) for one in (stalled.watch(jobs), idle.watch())]
        try:
            await jobs.run_worker_async(
                concurrency=concurrency,
                shutdown_graceful_timeout=GRACE_SECONDS,
                install_signal_handlers=False,
            )
        finally:
            for one in watching:
                one.cancel()
