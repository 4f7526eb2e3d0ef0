"""Imports, in and out of the database."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from burnish.errors import BurnishError
from burnish_server.audit.log import Actor, record
from burnish_server.hooks import sealing
from burnish_server.imports import cells
from burnish_server.imports.lines import Csv, Row, ndjson
from burnish_server.imports.models import Batch, Outcome, Run
from burnish_server.profiles import store as profiles

ROWS = 1000
"""Rows of a batch."""

ASKED_ROWS = 32
"""Rows of a batch where hooks are asked about each: they answer before the claim runs out."""

LARGEST = 4 * 1024 * 1024
"""Characters after which a batch is full, however few rows it has."""

TASK = "burnish_server.imports.tasks.go_on"
PREFIX = "userimport_"


class Unfit(BurnishError):
    """Nothing can be imported from this; the message says why, and what to do."""

    code = "unfit_import"


@dataclass(frozen=True, slots=True)
class Wish:
    """How an import is to be done.

    `identifier` is the attribute users are found by. A trial run (`dry_run`) says what would
    become of each row, and writes none. `hooks` has hooks of `user.pre_create` asked and
    `user.created` told; `enrich` has providers asked for what is missing afterwards.
    """

    identifier: str = "email"
    upsert: bool = False
    dry_run: bool = False
    hooks: bool = False
    enrich: bool = False


def take_records(records: list[Any], wish: Wish, actor: Actor) -> Run:
    """Take in the records of one request; a worker sees to them."""
    rows = (Row(number, one) for number, one in enumerate(records, 1))
    return _take(Run.Format.RECORDS, rows, wish, actor, [])


def take(
    format: str, chunks: Iterable[bytes], wish: Wish, actor: Actor, *, work: bool = True
) -> Run:
    """Take in a stream of NDJSON or CSV, a batch at a time; then a worker sees to it.

    Without `work` the caller does. Raises `Unfit`, and keeps nothing then.
    """
    if format == Run.Format.NDJSON:
        return _take(format, ndjson(chunks), wish, actor, [], work=work)
    read = Csv(chunks)
    _refuse_columns(read.columns, wish)
    return _take(format, read, wish, actor, read.columns, work=work)


def unsealed(batch: Batch) -> tuple[int, list[Row]]:
    """Return the rows of a batch, and the place of the first."""
    held = json.loads(zlib.decompress(sealing.unseal_bytes(bytes(batch.sealed))))
    return held["first"], [Row(*parts) for parts in held["rows"]]


def find(id: str) -> Run | None:
    """Return the import with this id, with or without its prefix."""
    try:
        return Run.objects.filter(pk=UUID(id.removeprefix(PREFIX))).first()
    except ValueError:
        return None


def outcomes(run: Run, after: int, only: str | None, limit: int) -> QuerySet[Outcome]:
    """Return what became of the rows after a place, in their order."""
    rows = Outcome.objects.filter(run=run, index__gt=after).order_by("index")
    return (rows.filter(outcome=only) if only else rows)[:limit]


def cancel(run: Run, actor: Actor) -> bool:
    """End an import where it is; what is written stays. Return whether it was under way."""
    with transaction.atomic():
        going = Run.objects.filter(pk=run.pk, state=Run.State.PENDING)
        done = going.update(state=Run.State.CANCELLED, completed_at=timezone.now())
        if done:
            Batch.objects.filter(run=run).delete()
            record(actor, "cancelled", "import", run.pk, run)
    return bool(done)


def defer(run_id: UUID) -> None:
    """Have a worker go on with an import, unless one is about to.

    The job has no lock of its own: that of a killed worker's would be held for half a minute, and
    the import's claim sees to it that one works on it at a time.
    """
    waiting = f"imports.{run_id}"
    try:
        # In a transaction of its own: the lock's refusal would spoil the one around.
        with transaction.atomic():
            app.configure_task(TASK, queueing_lock=waiting).defer(run=str(run_id))
    except AlreadyEnqueued:
        pass


def _refuse_columns(columns: list[str], wish: Wish) -> None:
    if not any(columns):
        raise Unfit("The first line must name the columns, in UTF-8, such as email,given_name.")
    if twice := sorted({name for name in columns if columns.count(name) > 1}):
        raise Unfit(f"There are two columns named {twice[0]}; keep one of them.")
    if unknown := cells.unknown(columns, profiles.schema()):
        raise Unfit(
            f"The column {unknown[0]!r} means nothing here; remove it or correct its name. Custom "
            "attributes are named custom_attributes.NAME, parts of the address address.PART."
        )
    if wish.identifier not in columns:
        raise Unfit(f"There is no column {wish.identifier}, by which users are to be found.")


def _take(
    format: str,
    rows: Iterable[Row],
    wish: Wish,
    actor: Actor,
    columns: list[str],
    *,
    work: bool = True,
) -> Run:
    run = Run(format=format, columns=columns, door=actor.door, actor=actor.name)
    for name in Wish.__slots__:
        setattr(run, name, getattr(wish, name))
    run.save(force_insert=True)
    try:
        for number, (first, held) in enumerate(_batched(rows, ASKED_ROWS if wish.hooks else ROWS)):
            Batch.objects.create(run=run, number=number, sealed=_sealed(first, held))
            run.rows = first + len(held)
        if not run.rows:
            raise Unfit("There are no rows in this; send one user a line.")
    except BaseException:
        run.delete()
        raise
    with transaction.atomic():
        run.state = Run.State.PENDING
        run.save()
        record(actor, "began", "import", run.pk, run, _about(run))
        if work:
            defer(run.pk)
    return run


def _about(run: Run) -> Mapping[str, Any]:
    names = ("format", "rows", *Wish.__slots__)
    return {name: getattr(run, name) for name in names}


def _batched(rows: Iterable[Row], most: int) -> Iterator[tuple[int, list[Row]]]:
    first, held, size = 0, [], 0
    for row in rows:
        held.append(row)
        size += len(row.content) if isinstance(row.content, str) else 100
        if len(held) == most or size > LARGEST:
            yield first, held
            first, held, size = first + len(held), [], 0
    if held:
        yield first, held


def _sealed(first: int, rows: list[Row]) -> bytes:
    parts = [(row.line, row.content, row.fault) for row in rows]
    content = json.dumps({"first": first, "rows": parts}).encode()
    return sealing.seal_bytes(zlib.compress(content, 1))


def forget(user_id: UUID) -> None:
    """Leave of a user's rows only what became of them, and of which line of which import."""
    Outcome.objects.filter(user_id=user_id).update(
        user_id=None, key=None, record=None, errors=[], warnings=[]
    )
