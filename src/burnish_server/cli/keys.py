"""`burnish keys`: what ID tokens and JWT access tokens are signed with."""

import json
from typing import Annotated

import typer

from burnish_server.cli import database

app = typer.Typer(help="See and change the keys tokens are signed with.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """See and change the keys tokens are signed with."""


@app.command("list")
def listed(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data_dir: database.DataDir = None,
) -> None:
    """List the keys, the newest first; never the keys themselves."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.identity.oidc.models import SigningKey

    rows = [
        {
            "kid": key.kid,
            "created_at": key.created_at.isoformat(timespec="seconds"),
            "retired_at": key.retired_at and key.retired_at.isoformat(timespec="seconds"),
        }
        for key in SigningKey.objects.all()
    ]
    if as_json:
        return typer.echo(json.dumps(rows))
    for row in rows:
        state = f"retired {row['retired_at']}" if row["retired_at"] else "signs"
        typer.echo(f"{row['kid']}  made {row['created_at']}  {state}")


@app.command("rotate")
def rotate(data_dir: database.DataDir = None) -> None:
    """Sign with a new key from now on; the old one is published until its tokens are over."""
    database.connect(data_dir)
    from burnish_server.audit.log import Actor, record
    from burnish_server.identity.oidc import keys

    key = keys.rotate()
    record(Actor.at_command_line(), "rotated", "token key", key.kid, "tokens")
    typer.echo(f"{key.kid} signs from now on.")
