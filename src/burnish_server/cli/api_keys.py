"""`burnish api-keys`: what programs come in with at the Admin API."""

import json
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from burnish_server.cli import database

app = typer.Typer(help="Make and revoke keys of the Admin API.", no_args_is_help=True)


@app.callback()
def api_keys() -> None:
    """Make and revoke keys of the Admin API."""


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What it is for, such as crm-sync.")],
    scopes: Annotated[
        list[str], typer.Option("--scope", help="What it may do, such as users:enrich; again.")
    ],
    days: Annotated[
        int | None, typer.Option(min=1, max=36500, help="After how many days it expires.")
    ] = None,
    data_dir: database.DataDir = None,
) -> None:
    """Make a key and print it. It is shown only now."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from django.utils import timezone

    from burnish_server.api_keys import store
    from burnish_server.audit.log import Actor

    expires_at = timezone.now() + timedelta(days=days) if days else None
    _, text = store.create(name, scopes, Actor.at_command_line(), expires_at)
    typer.echo(text)


@app.command("list")
def listed(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data_dir: database.DataDir = None,
) -> None:
    """List the keys with what they may do and when they were last used; never the keys."""
    database.connect(data_dir)
    from burnish_server.api_keys.models import ApiKey  # known once Django is set up

    rows: list[dict[str, Any]] = [
        {
            "name": key.name,
            "prefix": f"bk_{key.prefix}",
            "scopes": list(key.scopes),
            "created_at": key.created_at.isoformat(timespec="seconds"),
            "expires_at": key.expires_at and key.expires_at.isoformat(timespec="seconds"),
            "last_used_at": key.last_used_at and key.last_used_at.isoformat(timespec="seconds"),
            "revoked_at": key.revoked_at and key.revoked_at.isoformat(timespec="seconds"),
        }
        for key in ApiKey.objects.all()
    ]
    if as_json:
        return typer.echo(json.dumps(rows))
    table = Table("name", "prefix", "scopes", "created", "expires", "last used", "revoked")
    for row in rows:
        cells = {**row, "scopes": " ".join(row["scopes"])}
        table.add_row(*(str(cell or "") for cell in cells.values()))
    Console(markup=False, highlight=False, emoji=False).print(table)


@app.command("revoke")
def revoke(
    name: Annotated[str, typer.Argument(help="Its name or its prefix, as `list` shows them.")],
    data_dir: database.DataDir = None,
) -> None:
    """Revoke a key at once."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.api_keys import store
    from burnish_server.audit.log import Actor

    key = store.revoke(name.removeprefix("bk_"), Actor.at_command_line())
    if key is None:
        typer.echo(f"burnish: there is no key {name} in use", err=True)
        raise typer.Exit(1)
    typer.echo(f"{key.name} is revoked.")
