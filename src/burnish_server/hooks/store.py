"""Hooks, runs and events, in and out of the database."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from burnish.hooks import hook as library
from burnish.hooks.outcome import HookRun
from burnish_server.hooks.models import Event, Hook, Run, TimeLimits


def next_seq() -> int:
    """Take the next number of the sequence all events share; gaps are normal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('hooks_event_seq')")
        (seq,) = cursor.fetchone()
    return int(seq)


def enabled(event: str) -> list[Hook]:
    """Return the hooks to ask about an event, in their order."""
    return list(Hook.objects.filter(event=event, enabled=True))


def limits() -> library.TimeLimits:
    """Return how long hooks may take."""
    row = TimeLimits.current()
    return library.TimeLimits(hook=row.hook_seconds, event=row.event_seconds)


def record(runs: Iterable[HookRun], hooks: Iterable[Hook], seq: int, user_id: UUID) -> None:
    """Write what the hooks of one event did, in one statement."""
    by_name = {hook.name: hook for hook in hooks}
    Run.objects.bulk_create(
        Run(
            hook=by_name.get(run.hook),
            hook_name=run.hook,
            event_type=run.event,
            event_seq=seq,
            user_id=user_id,
            outcome=run.outcome,
            error_code=run.trouble.reason if run.trouble else "",
            error_message=run.trouble.message if run.trouble else "",
            error_line=run.trouble.line if run.trouble else None,
            console=run.console,
            console_truncated=run.truncated,
            dropped=list(run.dropped),
            duration_ms=run.ms,
            started_at=run.started_at,
        )
        for run in runs
    )


def last_seconds(event: str) -> float:
    """Return how long the hooks took when an event was last put before them."""
    last = Run.objects.filter(event_type=event).order_by("-started_at").values("event_seq")[:1]
    total = Run.objects.filter(event_seq__in=last).aggregate(ms=Sum("duration_ms"))["ms"]
    return (total or 0.0) / 1000


def happened(type: str, user_id: UUID, triggered_by: str, at: datetime) -> None:
    """Record an event, in the transaction that makes it true."""
    Event.objects.create(
        seq=next_seq(), type=type, user_id=user_id, triggered_by=triggered_by, created_at=at
    )
