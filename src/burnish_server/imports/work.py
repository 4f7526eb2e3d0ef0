"""Working an import off, batch by batch. A killed worker's work is gone on with, no row twice."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import structlog
from django.db import (
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
)
from django.db.models import Q
from django.utils import timezone

from burnish.attributes.schema import Schema
from burnish.errors import RuntimeUnavailable
from burnish_server.identity.authority import UserIsAdministrator
from burnish_server.imports import asking, store, writing
from burnish_server.imports.asking import Asked
from burnish_server.imports.deciding import decide
from burnish_server.imports.entry import ADMINISTRATOR, TAKEN, UNEXPECTED, Entry, entry, waves
from burnish_server.imports.models import Batch, Outcome, Run
from burnish_server.imports.writing import CLAIMED, Lost, facts_of
from burnish_server.profiles import store as profiles
from burnish_server.roles import store as roles

log = structlog.get_logger("burnish.imports")

_REASONS = {
    "StringDataRightTruncation": "because a text in it is longer than can be kept",
    "NumericValueOutOfRange": "because a number in it is larger than can be kept",
}

Watch = Callable[[Run], None]

RENEW_SECONDS = 3.0
"""How often a worker says that an import is still its own."""


def go_on(run_id: UUID, worker: UUID, seconds: float, watch: Watch = lambda _: None) -> bool:
    """Work on an import for so long; return whether there is more to do.

    Nothing is done where another worker has it.
    """
    until = time.monotonic() + seconds
    if not _claim(run_id, worker):
        return False
    try:
        with _renewing(run_id, worker):
            return _work(run_id, worker, until, watch)
    except Lost:
        log.info("import left to others", run=str(run_id))
    finally:
        Run.objects.filter(pk=run_id, claimed_by=worker).update(claimed_by=None, claimed_until=None)
    return False


def _work(run_id: UUID, worker: UUID, until: float, watch: Watch) -> bool:
    """Write batches until the time is up or none is left; return whether there is more to do."""
    while batch := Batch.objects.filter(run_id=run_id).order_by("number").first():
        run = Run.objects.get(pk=run_id)
        _settle(run, worker, batch)
        watch(Run.objects.get(pk=run_id))
        if time.monotonic() >= until:
            return True
    _complete(run_id, worker)
    return False


@contextmanager
def _renewing(run_id: UUID, worker: UUID) -> Iterator[None]:
    """Keep the claim alive for as long as this process is, whatever takes its time."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(RENEW_SECONDS):
            try:
                ours = Run.objects.filter(pk=run_id, claimed_by=worker)
                ours.update(claimed_until=timezone.now() + CLAIMED)
            except Error:
                log.warning("claim of an import not renewed", run=str(run_id))
            finally:
                connection.close()

    thread = threading.Thread(target=renew, name="import claim", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(RENEW_SECONDS)


def _claim(run_id: UUID, worker: UUID) -> bool:
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now) | Q(claimed_by=worker)
    ours = Run.objects.filter(free, pk=run_id, state=Run.State.PENDING)
    return bool(ours.update(claimed_by=worker, claimed_until=now + CLAIMED))


def _complete(run_id: UUID, worker: UUID) -> None:
    now = timezone.now()
    ours = Run.objects.filter(pk=run_id, claimed_by=worker, state=Run.State.PENDING)
    ours.update(state=Run.State.COMPLETED, completed_at=now)
    log.info("import completed", run=str(run_id))


def _settle(run: Run, worker: UUID, batch: Batch) -> None:
    schema, known = profiles.schema(), roles.known()
    first, rows = store.unsealed(batch)
    places = range(first, first + len(rows))
    done = set(Outcome.objects.filter(run=run, index__in=places).values_list("index", flat=True))
    entries = [
        entry(run, index, row, schema, known)
        for index, row in zip(places, rows, strict=True)
        if index not in done
    ]
    for wave in waves(entries):
        _write(run, worker, wave, schema)
    batch.delete()


def _write(run: Run, worker: UUID, wave: Sequence[Entry], schema: Schema) -> None:
    """Write a wave; where that goes wrong, its halves, so that one row stops no other.

    What will pass by itself is raised: the database or the hooks are away, or the import is lost.
    """
    as_read = [(one, one.outcome, list(one.errors), list(one.warnings)) for one in wave]
    try:
        _try(run, worker, wave, timezone.now(), schema)
    except (Lost, OperationalError, InterfaceError, RuntimeUnavailable):
        raise
    except Exception as error:
        if len(wave) == 1:
            _give_up(run, worker, wave[0], error)
            return
        for one, outcome, errors, warnings in as_read:
            one.outcome, one.errors, one.warnings = outcome, errors, warnings
        middle = len(wave) // 2
        for half in (wave[:middle], wave[middle:]):
            _write(run, worker, half, schema)


def _try(run: Run, worker: UUID, wave: Sequence[Entry], at: datetime, schema: Schema) -> None:
    decide(run, wave)
    asked = Asked()
    if run.hooks and not run.dry_run:
        new = [one for one in wave if one.outcome == Outcome.Kind.INSERTED]
        asked = asking.ask([(one, facts_of(run, one, at)) for one in new], schema)
    writing.write(run, worker, wave, at, schema, asked)


def _give_up(run: Run, worker: UUID, one: Entry, error: Exception) -> None:
    one.user_id = None
    if isinstance(error, UserIsAdministrator):
        one.fail(ADMINISTRATOR, str(error))
    elif isinstance(error, IntegrityError):
        one.fail(TAKEN, "Somebody else came first with the same e-mail address or phone number.")
    else:
        # The database's own words may hold values; the name of the error does not.
        name = type(error.__cause__ if isinstance(error, DataError) else error).__name__
        log.error("row not imported", run=str(run.pk), line=one.line, error=name)
        reason = _REASONS.get(name, f"({name}); the log of the service says more")
        one.fail(UNEXPECTED, f"This row could not be written {reason}.")
    writing.write(run, worker, [one], timezone.now(), profiles.schema(), Asked())
