"""`burnish config apply`: a file's attributes and hooks into the service."""

from pathlib import Path
from typing import Annotated

import typer

from burnish.cli.config import load
from burnish_server.cli import database


def apply(
    file: Annotated[Path, typer.Argument(help="The file, such as burnish.yaml.")],
    data_dir: database.DataDir = None,
) -> None:
    """Apply a configuration file to the running service: all of it, or nothing."""
    config = load(file)
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.cli.applying import apply_config

    lines, faults = apply_config(config)
    for fault in faults:
        typer.echo(str(fault), err=True)
    if faults:
        raise typer.Exit(1)
    for line in lines or ["Nothing to change."]:
        typer.echo(line)
