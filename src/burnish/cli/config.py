"""`burnish config`: what needs no server."""

import asyncio
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from burnish import config
from burnish.attributes.faults import Fault

app = typer.Typer(help="Check a configuration file, apply it, or make one.", no_args_is_help=True)


@app.command("check")
def check(file: Annotated[Path, typer.Argument(help="The file, such as burnish.yaml.")]) -> None:
    """Say what is wrong with a configuration file; exit 1 when something is."""
    load(file)
    typer.echo(f"{file} is good.")


def load(file: Path) -> config.Config:
    """Return what a file says; where something is wrong, say all of it and exit 1."""
    read = config.read(file)
    if isinstance(read, list):
        give_up(read)
    errors, warnings = asyncio.run(config.check_scripts(read))
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    if errors:
        give_up(errors)
    return read


def give_up(faults: list[Fault]) -> NoReturn:
    """Say what is wrong, a line each, and exit 1."""
    for fault in faults:
        typer.echo(str(fault), err=True)
    raise typer.Exit(1)
