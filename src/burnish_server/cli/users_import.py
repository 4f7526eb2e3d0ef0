"""`burnish users import`: a file of users becomes users, here and now."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from burnish_server.cli import database
from burnish_server.cli.printed import plain

Identifier = Literal["email", "phone_number", "preferred_username"]

SHOWN = 20
"""Rows that failed of which the command says why."""

_PIECE = 1024 * 1024


def import_users(
    file: Annotated[Path, typer.Argument(help="NDJSON or CSV; - reads from stdin.")],
    identifier: Annotated[
        Identifier, typer.Option(help="The attribute users are found by.")
    ] = "email",
    upsert: Annotated[bool, typer.Option("--upsert", help="Change users who exist.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would become of each row; write none.")
    ] = False,
    hooks: Annotated[bool, typer.Option("--hooks", help="Ask hooks about each new user.")] = False,
    enrich: Annotated[
        bool, typer.Option("--enrich", help="Have a worker ask providers for what is missing.")
    ] = False,
    format: Annotated[
        Literal["ndjson", "csv"] | None, typer.Option(help="What the file's name does not say.")
    ] = None,
    outcomes: Annotated[
        Path | None, typer.Option(help="Write what became of each row here, as NDJSON.")
    ] = None,
    data_dir: database.DataDir = None,
) -> None:
    """Import users from a file of any length. Rows that are wrong fail by themselves.

    If this command is killed, a worker goes on with it; Ctrl-C cancels it.
    """
    kind = format or ("csv" if file.suffix.lower() == ".csv" else "ndjson")
    source = _opened(file)
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.cli import moving
    from burnish_server.imports.store import Unfit, Wish

    wish = Wish(identifier, upsert, dry_run, hooks, enrich)
    with Moving() as moved:
        try:
            run = moving.import_(kind, _pieces(source, moved), wish, moved.show)
        except Unfit as unfit:
            typer.echo(f"burnish: {unfit}", err=True)
            raise typer.Exit(1) from None
    if outcomes:
        with private(outcomes) as written:
            written.writelines(moving.outcomes(run))
    for line, message in moving.failures(run, SHOWN):
        typer.echo(f"line {line}: {plain(message)}", err=True)
    if run.failed > SHOWN:
        typer.echo(f"... and {run.failed - SHOWN:,} more; --outcomes FILE has them all.", err=True)
    would = "would be " if dry_run else ""
    counts = f"{run.inserted:,} {would}inserted, {run.updated:,} {would}updated"
    typer.echo(f"{counts}, {run.skipped:,} skipped, {run.failed:,} failed")
    if run.state == "cancelled":
        typer.echo("Cancelled; what was written stays.", err=True)
    if run.failed or run.state == "cancelled":
        raise typer.Exit(1)


class Moving:
    """A bar that shows how many users are done; none where nobody looks."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._bar.add_task("reading", total=None)

    def show(self, done: int, total: int | None, words: str) -> None:
        """Show how far it is."""
        self._bar.update(self._task, completed=done, total=total, description=words)

    def __enter__(self) -> "Moving":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def _opened(file: Path) -> IO[bytes]:
    if str(file) == "-":
        return sys.stdin.buffer
    try:
        return file.open("rb")
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}.") from None


def _pieces(source: IO[bytes], moved: Moving) -> Iterator[bytes]:
    taken = 0
    with source:
        while piece := source.read(_PIECE):
            taken += len(piece)
            moved.show(taken // _PIECE, None, "reading, MiB")
            yield piece


def private(file: Path) -> IO[bytes]:
    """Open a file for writing that only its owner may read."""
    try:
        return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be written: {error.strerror}.") from None
