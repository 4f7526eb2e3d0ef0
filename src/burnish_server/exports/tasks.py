"""What the worker does for this room."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from burnish_server.exports import store, work
from burnish_server.exports.models import Run

SLICE = 20.0
"""Seconds of one job: an export of any size keeps no job, and no worker, for itself."""

KEPT = timedelta(hours=24)
"""How long an export can be downloaded."""


@app.task
def go_on(run: str) -> None:
    """Go on with an export, for a while; then it queues again behind the others."""
    if work.go_on(UUID(run), SLICE):
        store.defer(UUID(run))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="exports.left_behind", pass_context=False)
def left_behind(timestamp: int) -> None:
    """Go on with exports nobody works on; who does is not disturbed."""
    for run in Run.objects.filter(state=Run.State.PENDING):
        store.defer(run.pk)


@app.periodic(cron="29 * * * *")
@app.task(queueing_lock="exports.forget", pass_context=False)
def forget(timestamp: int) -> None:
    """Remove exports that are a day old, their files with them."""
    Run.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
