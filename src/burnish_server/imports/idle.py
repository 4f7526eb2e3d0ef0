"""Imports nobody works on: whoever did has vanished. Every worker looks for them."""

import asyncio

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Q
from django.utils import timezone

from burnish_server.imports import store
from burnish_server.imports.models import Run

log = structlog.get_logger("burnish.imports")

LOOK_SECONDS = 3.0


async def watch() -> None:
    """Go on for ever with imports whose claim has run out."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await asyncio.to_thread(_look)
        except (OperationalError, InterfaceError):
            log.warning("idle imports not looked for: the database is away")


def go_on(which: Q) -> None:
    """Have a worker go on with each of these imports that is not over."""
    for run in Run.objects.filter(which, state=Run.State.PENDING):
        store.defer(run.pk)


def _look() -> None:
    try:
        go_on(Q(claimed_until__lt=timezone.now()))
    finally:
        connection.close()
