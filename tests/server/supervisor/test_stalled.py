"""Jobs of a worker that vanished are done by another, and never by two."""

import asyncio
from collections.abc import Callable

import pytest
from django.db import connection
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from burnish_server.supervisor import stalled

pytestmark = pytest.mark.django_db(transaction=True)


def worker(silent: int) -> int:
    """Return a worker that was last heard of so many seconds ago."""
    return _made(
        "INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - make_interval(secs => %s)) RETURNING id",
        silent,
    )


def job(worker: int | None, *, status: str = "doing", attempts: int = 0, lock: str = "") -> int:
    """Return a job a worker is at."""
    return _made(
        "INSERT INTO procrastinate_jobs"
        " (queue_name, task_name, status, attempts, worker_id, queueing_lock) VALUES"
        " ('q', 'task', %s::procrastinate_job_status, %s, %s, nullif(%s, '')) RETURNING id",
        status,
        attempts,
        worker,
        lock,
    )


def _made(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])


@pytest.fixture(autouse=True)
def _no_jobs(transactional_db: None) -> None:
    """Forget jobs of earlier tests: Django, which does not manage their tables, left them."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture
def take_over() -> Callable[..., None]:
    """Look for stalled jobs as so many workers do at once."""

    def look(workers: int = 1) -> None:
        async def together() -> None:
            connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=workers)
            with app.replace_connector(connector) as jobs:
                async with jobs.open_async():
                    await asyncio.gather(*(stalled.take_over(jobs) for _ in range(workers)))

        asyncio.run(together())

    return look


def states() -> dict[int, tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status::text, attempts FROM procrastinate_jobs")
        return {id: (status, attempts) for id, status, attempts in cursor.fetchall()}


def test_what_a_silent_worker_left_is_to_be_done_again(take_over: Callable[..., None]) -> None:
    left, forgotten, in_hand = job(worker(31)), job(None), job(worker(5))

    take_over()

    assert states() == {left: ("todo", 1), forgotten: ("todo", 1), in_hand: ("doing", 0)}


def test_a_job_is_taken_over_once_by_workers_that_look_together(
    take_over: Callable[..., None],
) -> None:
    left = job(worker(31))

    take_over(workers=4)

    assert states()[left][0] == "todo"


def test_a_job_whose_next_waits_already_is_dropped(take_over: Callable[..., None]) -> None:
    job(worker(31), lock="each minute")
    waiting = job(None, status="todo", lock="each minute")

    take_over()

    assert states() == {waiting: ("todo", 0)}


def test_a_job_that_ended_every_worker_is_left_alone(take_over: Callable[..., None]) -> None:
    fatal = job(worker(31), attempts=stalled.MOST_ATTEMPTS)

    take_over()

    assert states()[fatal][0] == "failed"
