"""Writing an export, some users at a time: constant memory, no long transaction, resumable.

Users are taken in the order of their ids. Who comes in meanwhile may be in it or not.
"""

import csv
import io
import time
from collections.abc import Callable, Sequence
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from pydantic_core import to_json

from burnish.attributes.spreadsheet import neutral
from burnish_server.exports import columns, store
from burnish_server.exports.models import Run
from burnish_server.exports.record import records
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles

log = structlog.get_logger("burnish.exports")

AT_ONCE = 1000

Watch = Callable[[Run], None]


def go_on(run_id: UUID, seconds: float, watch: Watch = lambda _: None) -> bool:
    """Work on an export for so long; return whether there is more to do."""
    until = time.monotonic() + seconds
    while run := Run.objects.filter(pk=run_id, state=Run.State.PENDING).first():
        if time.monotonic() >= until:
            return True
        try:
            _piece(run)
        except IntegrityError:
            # Another worker wrote this very piece, and has the export.
            return False
        watch(run)
    return False


def _piece(run: Run) -> None:
    users = list(_following(run.cursor)[:AT_ONCE])
    content = _head(run) + _written(run, users)
    if users:
        run.cursor = users[-1].pk
        run.users += len(users)
    else:
        run.state, run.completed_at = Run.State.COMPLETED, timezone.now()
    with transaction.atomic():
        if content:
            store.put(run, content)
        run.save()
    if not users:
        log.info("export completed", run=str(run.pk), users=run.users)


def _following(cursor: UUID | None) -> QuerySet[User]:
    users = User.objects.order_by("pk")
    return users.filter(pk__gt=cursor) if cursor else users


def _head(run: Run) -> bytes:
    if run.chunks or run.format != Run.Format.CSV:
        return b""
    return _csv([[name for _, name in run.columns]])


def _written(run: Run, users: Sequence[User]) -> bytes:
    made = records(users, profiles.schema(), run.secrets)
    if run.format == Run.Format.CSV:
        return _csv([columns.cells(one, run.columns) for one in made])
    return b"".join(to_json(one) + b"\n" for one in made)


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    cells = ([neutral(cell) for cell in row] for row in rows)
    csv.writer(text, lineterminator="\r\n").writerows(cells)
    return text.getvalue().encode()
