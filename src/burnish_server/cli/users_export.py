"""`burnish users export`: all users into a file."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from burnish_server.cli import database
from burnish_server.cli.users_import import Moving, private


def export_users(
    file: Annotated[Path, typer.Argument(help="Where to; - writes to stdout.")],
    format: Annotated[
        Literal["ndjson", "csv"] | None, typer.Option(help="What the file's name does not say.")
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(help="JSON pointers of a CSV file's columns, with commas between them."),
    ] = None,
    with_secrets: Annotated[
        bool,
        typer.Option("--with-secrets", help="Add everybody's secrets of authenticator apps."),
    ] = False,
    data_dir: database.DataDir = None,
) -> None:
    """Export all users into a file only its owner may read."""
    kind = format or ("csv" if file.suffix.lower() == ".csv" else "ndjson")
    fields = [(one.strip(), None) for one in columns.split(",")] if columns else None
    target = sys.stdout.buffer if str(file) == "-" else private(file)
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.cli import moving
    from burnish_server.exports.columns import Unfit

    with Moving() as moved, target:
        try:
            users = moving.export(kind, fields, target.write, moved.show, with_secrets=with_secrets)
        except Unfit as unfit:
            typer.echo(f"burnish: {unfit}", err=True)
            raise typer.Exit(1) from None
    typer.echo(f"{users:,} users exported", err=True)
