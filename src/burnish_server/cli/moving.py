"""Users in and out at the command line. Imported once Django is set up."""

import time
from collections.abc import Callable, Iterator, Sequence
from uuid import uuid4

from pydantic_core import to_json

from burnish_server.audit.log import Actor
from burnish_server.exports import store as exports
from burnish_server.exports import work as writing
from burnish_server.exports.models import Run as Export
from burnish_server.imports import store as imports
from burnish_server.imports import work
from burnish_server.imports.models import Outcome, Run
from burnish_server.imports.store import Wish

SLICE = 60.0
"""Seconds of work between two looks at whether there is more to do."""

PAUSE = 0.5
"""Seconds between two such looks while a worker of the service was quicker and has it."""

Show = Callable[[int, int | None, str], None]


def import_(format: str, pieces: Iterator[bytes], wish: Wish, show: Show) -> Run:
    """Take users in, and work them off here; Ctrl-C cancels. Raises `Unfit`."""
    actor = Actor.at_command_line()
    run = imports.take(format, pieces, wish, actor, work=False)
    worker = uuid4()

    def watch(now: Run) -> None:
        show(now.done, now.rows, "importing users")

    try:
        while run.state == Run.State.PENDING:
            work.go_on(run.pk, worker, SLICE, watch)
            run.refresh_from_db()
            _let_others(run.state == Run.State.PENDING)
    except KeyboardInterrupt:
        imports.cancel(run, actor)
        run.refresh_from_db()
    return run


def failures(run: Run, most: int) -> list[tuple[int, str]]:
    """Return the lines of the first rows that failed, and why they did."""
    rows = imports.outcomes(run, -1, Outcome.Kind.FAILED, most)
    return [(row.line, "; ".join(error["message"] for error in row.errors)) for row in rows]


def outcomes(run: Run) -> Iterator[bytes]:
    """Yield what became of each row, as lines of JSON."""
    names = ("index", "line", "outcome", "user_id", "warnings", "errors")
    rows = Outcome.objects.filter(run=run).order_by("index")
    for row in rows.iterator(chunk_size=2000):
        yield to_json({name: getattr(row, name) for name in names}) + b"\n"


def export(
    format: str,
    fields: Sequence[tuple[str, str | None]] | None,
    write: Callable[[bytes], object],
    show: Show,
    *,
    with_secrets: bool = False,
) -> int:
    """Write all users out, and return how many they are. Raises `Unfit`."""
    whose = Export.Secrets.ALL if with_secrets else Export.Secrets.NONE
    run = exports.create(format, fields, Actor.at_command_line(), secrets=whose, work=False)
    try:
        while run.state == Export.State.PENDING:
            writing.go_on(run.pk, SLICE, lambda now: show(now.users, now.total, "exporting users"))
            run.refresh_from_db()
            _let_others(run.state == Export.State.PENDING)
        for piece in exports.content(run):
            write(piece)
    finally:
        run.delete()
    return run.users


def _let_others(wait: bool) -> None:
    if wait:
        time.sleep(PAUSE)
