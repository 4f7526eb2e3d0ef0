"""`burnish audit`: what administrators, API keys and hooks did."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from burnish.errors import BurnishError
from burnish_server.cli import database

app = typer.Typer(help="Read the audit log.", no_args_is_help=True)

Moment = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="In UTC, such as 2026-11-01."),
]


class NotWritten(BurnishError):
    """The file cannot be written."""

    code = "file_not_written"


@app.callback()
def audit() -> None:
    """Read the audit log."""


@app.command()
def export(
    format: Annotated[
        Literal["ndjson", "csv"], typer.Option(help="Lines of JSON, or a table.")
    ] = "ndjson",
    actor: Annotated[str, typer.Option(help="Only of this one: a name or an id.")] = "",
    door: Annotated[
        str, typer.Option(help="Only by portal, cli, api, hook, user or service.")
    ] = "",
    action: Annotated[str, typer.Option(help="Only this, such as changed.")] = "",
    kind: Annotated[str, typer.Option(help="Only about such things, such as hook.")] = "",
    subject: Annotated[str, typer.Option(help="Only about this one: a name or an id.")] = "",
    since: Moment = None,
    until: Moment = None,
    output: Annotated[Path | None, typer.Option(help="File to write.")] = None,
    data_dir: database.DataDir = None,
) -> None:
    """Print what was done, the latest first, or write it into a file."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from django.utils import timezone

    from burnish_server.audit.export import lines
    from burnish_server.audit.search import Wanted, one_by_one

    start, end = (
        at and timezone.make_aware(at, timezone.get_default_timezone()) for at in (since, until)
    )
    found = Wanted(actor, door, action, kind, subject, start, end).entries()
    written = lines(one_by_one(found), format)
    if output is None:
        sys.stdout.writelines(written)
        return
    try:
        with output.open("w", encoding="utf-8", newline="") as file:
            file.writelines(written)
    except OSError as error:
        raise NotWritten(f"{output} cannot be written: {error.strerror}.") from None
