"""`burnish admin-keys`: with what programs sign their tokens for the GraphQL Admin API."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from burnish.cli.config import give_up
from burnish.file import load
from burnish_server.cli import database

app = typer.Typer(help="Make and revoke keys of the GraphQL Admin API.", no_args_is_help=True)

AUTHGEAR_SECRET = "admin-api.auth"  # noqa: S105 - the name of a section, no secret

Audience = Annotated[str, typer.Option("--audience", help="What tokens name as aud: the app's id.")]


@app.callback()
def admin_keys() -> None:
    """Make and revoke keys of the GraphQL Admin API."""


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What it is for, such as sync.")],
    audience: Audience = "burnish",
    data_dir: database.DataDir = None,
) -> None:
    """Make a key pair and print the private key. It is shown only now, and kept nowhere."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.admin_keys import store
    from burnish_server.audit.log import Actor

    key, pem = store.create(name, Actor.at_command_line(), audience)
    typer.echo(f"key id (kid): {key.key_id}\naudience (aud): {key.audience}", err=True)
    typer.echo(pem, nl=False)


@app.command("import")
def take_over(
    file: Annotated[Path, typer.Argument(help="authgear.secrets.yaml, or a JSON Web Key set.")],
    name: Annotated[str, typer.Option(help="What it is for.")] = "authgear",
    audience: Audience = "burnish",
    data_dir: database.DataDir = None,
) -> None:
    """Take over the keys existing scripts sign with; of private keys the public half is kept."""
    content = load(file)
    if isinstance(content, list):
        give_up(content)
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.admin_keys import store
    from burnish_server.audit.log import Actor

    keys = store.take_over(name, _section(content), Actor.at_command_line(), audience)
    for key in keys:
        typer.echo(f"{key.key_id} is known; its tokens name {key.audience} as aud.")


@app.command("list")
def listed(data_dir: database.DataDir = None) -> None:
    """List the keys, and when they were last used."""
    database.connect(data_dir)
    from burnish_server.admin_keys.models import AdminKey  # known once Django is set up

    table = Table("name", "key id", "audience", "created", "last used", "revoked")
    for key in AdminKey.objects.all():
        times = (key.created_at, key.last_used_at, key.revoked_at)
        told = [at.isoformat(timespec="seconds") if at else "" for at in times]
        table.add_row(key.name, key.key_id, key.audience, *told)
    Console(markup=False, highlight=False, emoji=False).print(table)


@app.command("revoke")
def revoke(
    name: Annotated[str, typer.Argument(help="Its name or its key id, as `list` shows them.")],
    data_dir: database.DataDir = None,
) -> None:
    """Revoke a key at once."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.admin_keys import store
    from burnish_server.audit.log import Actor

    key = store.revoke(name, Actor.at_command_line())
    if key is None:
        typer.echo(f"burnish: there is no admin key {name} in use", err=True)
        raise typer.Exit(1)
    typer.echo(f"{key.name} is revoked.")


def _section(content: dict[str, Any]) -> Any:
    """Return the key set: the file itself, or the section of Authgear's secrets that has it."""
    secrets = content.get("secrets")
    for one in secrets if isinstance(secrets, list) else ():
        if isinstance(one, dict) and one.get("key") == AUTHGEAR_SECRET:
            return one.get("data")
    return content
