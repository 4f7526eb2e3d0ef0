"""What the worker does for this room."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from burnish_server.imports import enriching, idle, store, work
from burnish_server.imports.models import Run

SLICE = 20.0
"""Seconds of one job: an import of any size keeps no job, and no worker, for itself."""

KEPT = timedelta(hours=24)
"""How long what became of an import can be looked at."""


@app.task
def go_on(run: str) -> None:
    """Go on with an import, for a while; then it queues again behind the others."""
    if work.go_on(UUID(run), uuid4(), SLICE):
        store.defer(UUID(run))


@app.task
def enrich(users: list[str]) -> None:
    """Fill imported users in."""
    enriching.fill([UUID(one) for one in users])


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="imports.left_behind", pass_context=False)
def left_behind(timestamp: int) -> None:
    """Go on with imports nobody works on: whoever did has vanished."""
    unclaimed = Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
    idle.go_on(unclaimed)


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="imports.forget", pass_context=False)
def forget(timestamp: int) -> None:
    """Forget imports that are over, and those that were never received whole."""
    before = timezone.now() - KEPT
    Run.objects.filter(
        Q(completed_at__lt=before) | Q(state="receiving", created_at__lt=before)
    ).delete()
