"""A real `burnish worker`: what its tasks defer is committed with its cause, or not at all."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import uuid4

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.server.enrichment.conftest import provider, rewritten, stand_ins, waterfall
from tests.server.imports.conftest import ACTOR, lines

from burnish.attributes.custom import CustomAttribute as Definition
from burnish_server.enrichment.models import Provider
from burnish_server.hooks.models import Hook, TimeLimits
from burnish_server.hooks.models import Run as Call
from burnish_server.identity.models import User
from burnish_server.imports import store
from burnish_server.imports.models import Run
from burnish_server.imports.store import Wish
from burnish_server.profiles.models import Profile
from burnish_server.supervisor.connector import WorkerConnector

__all__ = ["provider", "rewritten", "stand_ins", "waterfall"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(transactional_db: None) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """Start a worker on the tests' database; it ends with the test."""
    url = urlsplit(os.environ["DATABASE_URL"])
    tests = urlunsplit(url._replace(path="/" + quote(connection.settings_dict["NAME"])))
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        env = {**os.environ, "DATABASE_URL": tests}
        command = [sys.executable, "-m", "burnish", "worker"]
        started.append(subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL))
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.wait(20)


def eventually(holds: Callable[[], object], within: float = 30) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return bool(holds())


@pytest.mark.parametrize("rows", [150, 300])
def test_every_imported_user_is_filled_in(
    rows: int,
    worker: Callable[[], None],
    provider: Callable[..., Provider],
    waterfall: Callable[..., Definition],
) -> None:
    provider("email_address")
    domain = waterfall("company_domain", "email_address")
    records: list[dict[str, Any]] = [{"email": f"p{n}@nordlake.example"} for n in range(rows)]

    store.take("ndjson", [lines(records)], Wish(enrich=True), ACTOR)
    worker()

    filled = Profile.objects.filter(custom__has_key=domain.id)
    assert eventually(lambda: filled.count() == rows), filled.count()


def defer_in_a_transaction(task: str, kept: bool) -> None:
    try:
        with transaction.atomic():
            app.configure_task(task).defer()
            transaction.set_rollback(not kept)
    finally:
        connection.close()


async def as_a_task(work: Callable[[], None]) -> None:
    """Do something in a thread, as a worker does its tasks."""
    with app.replace_connector(WorkerConnector(2)) as jobs:
        async with jobs.open_async():
            await asyncio.to_thread(work)


@pytest.mark.parametrize("kept", [True, False])
def test_a_job_deferred_in_a_transaction_is_committed_or_rolled_back_with_it(kept: bool) -> None:
    task = f"unknown.{uuid4()}"

    asyncio.run(as_a_task(partial(defer_in_a_transaction, task, kept)))

    assert ProcrastinateJob.objects.filter(task_name=task).count() == int(kept)


def test_another_worker_soon_goes_on_with_the_import_of_one_that_was_killed(
    worker: Callable[[], "subprocess.Popen[bytes]"], hook: Callable[..., Hook]
) -> None:
    wait = "await new Promise((done) => setTimeout(done, 200));"
    hook("slow", f"export default async () => {{ {wait} return {{ is_allowed: true }}; }};")
    records: list[dict[str, Any]] = [{"email": f"p{n}@nordlake.example"} for n in range(150)]
    run = store.take("ndjson", [lines(records)], Wish(hooks=True), ACTOR)
    first = worker()
    assert eventually(User.objects.exists)

    first.kill()
    first.wait()
    assert User.objects.count() < 150
    worker()

    assert eventually(lambda: Run.objects.get(pk=run.pk).state == Run.State.COMPLETED)
    assert User.objects.count() == Run.objects.get(pk=run.pk).inserted == 150


def test_a_worker_keeps_its_import_for_as_long_as_it_lives(
    worker: Callable[[], "subprocess.Popen[bytes]"], hook: Callable[..., Hook]
) -> None:
    wait = "await new Promise((done) => setTimeout(done, 14000));"
    hook("slow", f"export default async () => {{ {wait} return {{ is_allowed: true }}; }};")
    TimeLimits(hook_seconds=20, event_seconds=30).save()
    records: list[dict[str, Any]] = [{"email": f"p{n}@nordlake.example"} for n in range(2)]
    run = store.take("ndjson", [lines(records)], Wish(hooks=True), ACTOR)
    worker()
    worker()
    claims: set[Any] = set()

    def completed() -> bool:
        now = Run.objects.get(pk=run.pk)
        claims.update({now.claimed_by} - {None})
        return now.state == Run.State.COMPLETED

    # One wave of it takes longer than a claim lasts.
    assert eventually(completed, within=60)
    assert len(claims) == 1
    assert Call.objects.count() == 2
