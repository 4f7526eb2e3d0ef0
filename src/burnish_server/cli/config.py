"""`burnish config apply` and `export`: attributes and hooks, between a file and the service."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from burnish.attributes.faults import Fault
from burnish.cli.config import give_up, load
from burnish.config import Plan
from burnish.errors import BurnishError
from burnish.file import write
from burnish_server.cli import database
from burnish_server.cli.printed import plain, waiting


class FileExists(BurnishError):
    """There is a file of this name already; name another, or let it be replaced by --force."""

    code = "file_exists"


def apply(
    file: Annotated[Path, typer.Argument(help="The file, such as burnish.yaml.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would change.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before changing things.")] = False,
    allow_loss: Annotated[
        bool, typer.Option("--allow-loss", help="Withdraw values that do not fit any more.")
    ] = False,
    data_dir: database.DataDir = None,
) -> None:
    """Apply a configuration file to the running service: all of it, or nothing."""
    config = load(file)
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.audit.log import Actor
    from burnish_server.configuration import whole

    with waiting("Looking at what there is"):
        plan = whole.plan(config)
    _show(plan)
    if refusals := _refusals(plan, allow_loss):
        give_up(refusals)
    if dry_run or not plan.lines:
        return
    if not yes and sys.stdin.isatty():
        typer.confirm("Apply this?", abort=True)
    with waiting("Applying"):
        faults = whole.apply(config, Actor.at_command_line(), allow_loss=allow_loss)
    if faults:
        give_up(faults)
    typer.echo("Applied.")


def export(
    output: Annotated[
        Path | None, typer.Option(help="File to write; scripts go into deno/ beside it.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    data_dir: database.DataDir = None,
) -> None:
    """Print attributes and hooks of the running service as a configuration file, or write it."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.configuration import whole

    content, scripts = whole.export()
    if output is not None:
        _write(output, content, scripts, force)
        return
    typer.echo(write(content), nl=False)
    if scripts:
        typer.echo("The scripts of the hooks are written with --output FILE only.", err=True)


def _show(plan: Plan) -> None:
    for line in plan.lines or ["Nothing to change."]:
        typer.echo(plain(line))
    if plan.kept:
        typer.echo(f"not in this file, kept: {', '.join(plan.kept)}")


def _refusals(plan: Plan, allow_loss: bool) -> list[Fault]:
    losses = [
        Fault(loss.path, f"{loss.message}; correct the values, or allow it with --allow-loss")
        for loss in plan.losses
    ]
    return [*plan.faults, *([] if allow_loss else losses)]


def _write(output: Path, content: dict[str, Any], scripts: dict[str, str], force: bool) -> None:
    files = {output.parent / path: script for path, script in scripts.items()}
    files[output] = write(content)
    if not force and (present := [str(file) for file in files if file.exists()]):
        raise FileExists(f"{', '.join(present)} exists; name another file, or add --force.")
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        typer.echo(f"{file} is written.")
