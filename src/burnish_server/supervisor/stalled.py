"""Jobs of workers that vanished, taken over within a minute.

A worker that is killed leaves its job as if it were still at it: a mail that never leaves, a lock
that never opens. Every worker looks for such jobs, by the heartbeat that is missing.
"""

import asyncio

import structlog
from procrastinate import App
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

log = structlog.get_logger("burnish.worker")

LOOK_SECONDS = 10.0
SILENCE_SECONDS = 30.0
"""How long a worker that lives never goes without a heartbeat."""
MOST_ATTEMPTS = 8
"""A job that was tried so often ends its workers: it is left alone."""


async def watch(jobs: App) -> None:
    """Take over for ever what other workers left behind."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await take_over(jobs)
        except ConnectorException:
            log.exception("stalled jobs not taken over")


async def take_over(jobs: App, silence: float = SILENCE_SECONDS) -> None:
    """Have the jobs done of workers that were not heard of for so many seconds."""
    manager = jobs.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=silence):
        if job.attempts >= MOST_ATTEMPTS:
            await _give_up(jobs, job, delete=False)
            continue
        try:
            await manager.retry_job(job)
            log.warning("job taken over", job=job.id, task=job.task_name)
        except UniqueViolation:
            # The next of its kind waits already, and does what this one was to do.
            await _give_up(jobs, job, delete=True)
        except ConnectorException:
            log.info("job taken over by another worker", job=job.id)


async def _give_up(jobs: App, job: Job, *, delete: bool) -> None:
    await jobs.job_manager.finish_job(job, Status.FAILED, delete_job=delete)
    log.warning("job given up", job=job.id, task=job.task_name, attempts=job.attempts)
