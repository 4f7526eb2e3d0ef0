"""`burnish attributes`: custom attributes, retired, purged and given another type."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from burnish.attributes import custom
from burnish.attributes.faults import Fault
from burnish.cli.config import give_up
from burnish_server.cli import database
from burnish_server.cli.printed import plain, waiting

if TYPE_CHECKING:  # the models exist only once Django is set up
    from burnish_server.profiles.definitions import Trial

app = typer.Typer(help="Custom attributes.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The attribute's name, such as city.")]


@app.callback()
def attributes() -> None:
    """List custom attributes, retire, purge or retype them."""


@app.command("list")
def show(data_dir: database.DataDir = None) -> None:
    """List the custom attributes in their order, the retired ones too."""
    database.connect(data_dir)
    from burnish_server.profiles.models import CustomAttribute  # known once Django is set up

    table = Table("name", "type", "end user", "apps", "portal", "notes", "id")
    for row in CustomAttribute.objects.all():
        one = row.as_definition()
        marks = [mark for mark in ("retired", "indexed", "sensitive") if getattr(one, mark)]
        access = one.access_control
        levels = (access.end_user, access.bearer, access.portal_ui)
        table.add_row(one.name, one.type, *levels, ", ".join(marks), plain(one.id))
    Console(markup=False, highlight=False, emoji=False).print(table)


@app.command()
def retire(name: Name, data_dir: database.DataDir = None) -> None:
    """Hide an attribute everywhere; its values are kept until it is purged."""
    found = _connect(name, data_dir)
    # The models exist only once Django is set up, which `_connect` does.
    from burnish_server.audit.log import Actor
    from burnish_server.profiles import definitions

    definitions.retire(found.id, Actor.at_command_line())
    typer.echo(f"{found.name} is retired; {_users(found)} a value, which is kept until a purge.")


@app.command()
def restore(name: Name, data_dir: database.DataDir = None) -> None:
    """Bring a retired attribute back, with its values."""
    found = _connect(name, data_dir)
    # As above.
    from burnish_server.audit.log import Actor
    from burnish_server.profiles import definitions

    definitions.restore(found.id, Actor.at_command_line())
    typer.echo(f"{found.name} is in use; {_users(found)} a value.")


@app.command()
def purge(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: database.DataDir = None,
) -> None:
    """Erase a retired attribute with all its values, in the history too. There is no way back."""
    found = _connect(name, data_dir)
    # As above.
    from burnish_server.audit.log import Actor
    from burnish_server.profiles import definitions

    if not yes:
        typer.echo(f"{_users(found)} a value of {found.name}.")
        if not sys.stdin.isatty():
            give_up([Fault(found.pointer, "nobody is there to be asked; add --yes to purge it")])
        typer.confirm("Erase it for good?", abort=True)
    try:
        with waiting(f"Purging {found.name}"):
            users = definitions.purge(found.id, Actor.at_command_line())
    except definitions.Refused as refused:
        give_up(list(refused.faults))
    typer.echo(f"{found.name} is purged; {users} users had a value.")


@app.command()
def retype(
    name: Name,
    type: Annotated[str, typer.Argument(help=f"One of {', '.join(custom.TYPES)}.")],
    choices: Annotated[
        str | None, typer.Option(help="The choices of an enum, separated by commas.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Do it, not only show it.")] = False,
    allow_loss: Annotated[
        bool, typer.Option("--allow-loss", help="Withdraw values that do not convert.")
    ] = False,
    data_dir: database.DataDir = None,
) -> None:
    """Say which values convert to another type and which do not; with --apply, convert them."""
    after = _retyped(_connect(name, data_dir), type, choices)
    # As above.
    from burnish_server.audit.log import Actor
    from burnish_server.profiles import definitions

    with waiting(f"Trying the values of {after.name}"):
        trial = definitions.trial(after)
    _report(trial)
    if not apply:
        typer.echo("Nothing was changed; --apply does it.")
        return
    try:
        with waiting(f"Converting the values of {after.name}"):
            definitions.save(after, Actor.at_command_line(), allow_loss=allow_loss)
    except definitions.Refused as refused:
        give_up([Fault(fault.path, _allowing(fault, refused.loses)) for fault in refused.faults])
    typer.echo(f"{after.name} is of type {after.type} now.")


def _connect(name: str, data_dir: Any) -> custom.CustomAttribute:
    """Return the attribute of this name, retired or not."""
    database.connect(data_dir)
    from burnish_server.profiles.models import CustomAttribute  # known once Django is set up

    pointer = f"/{name.removeprefix('/')}"
    row = CustomAttribute.objects.filter(pointer=pointer).first()
    if row is None:
        give_up([Fault(pointer, "there is no such custom attribute")])
    return row.as_definition()


def _users(attribute: custom.CustomAttribute) -> str:
    from burnish_server.profiles import definitions  # as above

    users = definitions.usage(attribute.id)
    return "1 user has" if users == 1 else f"{users} users have"


def _retyped(
    attribute: custom.CustomAttribute, type: str, choices: str | None
) -> custom.CustomAttribute:
    """Return the attribute with another type."""
    listed = None if choices is None else [choice.strip() for choice in choices.split(",")]
    after = custom.retyped(attribute, type, listed)
    if isinstance(after, list):
        give_up(after)
    return after


def _report(trial: "Trial") -> None:
    typer.echo(f"{trial.fit} of {trial.users} users' values convert.")
    for unfit in trial.unfit:
        typer.echo(f"  {unfit.user_id}  {plain(unfit.value)}: {unfit.reason}")
    if more := trial.unfit_count - len(trial.unfit):
        typer.echo(f"  and {more} more")


def _allowing(fault: Fault, loses: bool) -> str:
    return f"{fault.message} with --allow-loss" if loses else fault.message
