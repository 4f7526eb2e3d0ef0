"""`burnish clients`: the apps people sign in to."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from burnish.cli.config import give_up
from burnish.errors import BurnishError
from burnish.oauth.client import ApplicationType, read
from burnish_server.cli import database

app = typer.Typer(help="Register the apps people sign in to.", no_args_is_help=True)

ClientId = Annotated[str, typer.Argument(help="The app's client id, as `list` shows it.")]
Uris = Annotated[list[str] | None, typer.Option(help="Where people come back to; again.")]


class NoClient(BurnishError):
    """There is no client of this id; `burnish clients list` shows which there are."""

    code = "no_client"


@app.callback()
def clients() -> None:
    """Register the apps people sign in to."""


@app.command("create")
def create(
    client_id: Annotated[str, typer.Argument(help="The id the app names itself by, such as shop.")],
    kind: Annotated[ApplicationType, typer.Option("--type", help="What sort of app it is.")],
    name: Annotated[str, typer.Option(help="What people know it as.")] = "",
    redirect_uri: Uris = None,
    post_logout_redirect_uri: Annotated[
        list[str] | None, typer.Option(help="Where people go after they signed out; again.")
    ] = None,
    origin: Annotated[
        list[str] | None, typer.Option(help="A further origin whose pages may ask; again.")
    ] = None,
    scope: Annotated[
        list[str] | None, typer.Option(help="What a program may ask for itself; again.")
    ] = None,
    jwt: Annotated[bool, typer.Option("--jwt", help="Its access tokens are JWTs.")] = False,
    data_dir: database.DataDir = None,
) -> None:
    """Register an app, and print its secret if it has one. That is shown only now."""
    entry = read(
        {
            "client_id": client_id,
            "name": name,
            "x_application_type": kind.value,
            "redirect_uris": redirect_uri or [],
            "post_logout_redirect_uris": post_logout_redirect_uri or [],
            "x_allowed_origins": origin or [],
            "x_scopes": scope or [],
            "issue_jwt_access_token": jwt,
        }
    )
    if isinstance(entry, list):
        give_up(entry)
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.audit.log import Actor
    from burnish_server.identity.oidc import clients

    secret = clients.create(entry, Actor.at_command_line())
    typer.echo(secret or f"{client_id} is registered; it has no secret, PKCE protects it.")


@app.command("list")
def listed(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data_dir: database.DataDir = None,
) -> None:
    """List the apps as a configuration file has them; never their secrets."""
    database.connect(data_dir)
    from burnish_server.identity.oidc.models import Client  # known once Django is set up

    rows: list[dict[str, Any]] = [one.as_entry().as_entry() for one in Client.objects.all()]
    if as_json:
        return typer.echo(json.dumps(rows))
    table = Table("client_id", "name", "type", "redirect_uris")
    for row in rows:
        uris = "\n".join(row.get("redirect_uris", ()))
        table.add_row(row["client_id"], row["name"], row["x_application_type"], uris)
    Console(markup=False, highlight=False, emoji=False).print(table)


@app.command("rotate-secret")
def rotate_secret(client_id: ClientId, data_dir: database.DataDir = None) -> None:
    """Give an app a new secret and print it; the old one is no good at once."""
    database.connect(data_dir)
    from burnish_server.audit.log import Actor
    from burnish_server.identity.oidc import clients

    client = clients.find(client_id)
    if client is None:
        raise NoClient
    typer.echo(clients.rotate_secret(client, Actor.at_command_line()))


@app.command("remove")
def remove(client_id: ClientId, data_dir: database.DataDir = None) -> None:
    """Remove an app; its tokens are no good at once."""
    database.connect(data_dir)
    from burnish_server.audit.log import Actor
    from burnish_server.identity.oidc import clients

    client = clients.find(client_id)
    if client is None:
        raise NoClient
    clients.remove(client, Actor.at_command_line())
    typer.echo(f"{client_id} is removed.")
