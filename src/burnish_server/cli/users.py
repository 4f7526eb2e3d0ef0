"""`burnish users`: profiles at the command line."""

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from burnish_server.cli import database

if TYPE_CHECKING:  # the models exist only once Django is set up
    from burnish.profiles.fact import Fact
    from burnish_server.identity.models import User
    from burnish_server.profiles.view import Row

app = typer.Typer(help="Look at users.", no_args_is_help=True)


@app.callback()
def users() -> None:
    """Look at users."""


@app.command("show")
def show(
    who: Annotated[str, typer.Argument(help="E-mail address or id.", metavar="EMAIL|ID")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    data_dir: database.DataDir = None,
) -> None:
    """Show a user's profile: each value, its source and time."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.profiles import store, view

    user = _user(who)
    rows = view.rows(store.of(user.pk), store.schema())
    if as_json:
        typer.echo(json.dumps(view.as_json(str(user.pk), rows), ensure_ascii=False, indent=2))
    else:
        _print(str(user), rows)


@app.command("explain")
def explain(
    who: Annotated[str, typer.Argument(help="E-mail address or id.", metavar="EMAIL|ID")],
    attribute: Annotated[str, typer.Argument(help="Its name, such as city.")],
    data_dir: database.DataDir = None,
) -> None:
    """Say why an attribute has its value: which source won, over whom, and by which rule."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.profiles import store, view

    user = _user(who)
    found = view.explain(store.of(user.pk), store.schema(), attribute.removeprefix("/"))
    if found is None:
        typer.echo(f"burnish: nobody has said anything about {attribute} of {who}", err=True)
        raise typer.Exit(1)
    stale = ", expired" if found.stale else ""
    typer.echo(f"{found.winner.value}, {_told(found.winner)}{stale}")
    for loser in found.losers:
        typer.echo(f"beat {loser.fact.value}, {_told(loser.fact)}: {loser.reason}")


def _told(fact: "Fact") -> str:
    at = fact.observed_at.strftime("%Y-%m-%d %H:%M:%S")
    return f"from {fact.source}, {fact.confidence:.0%} sure, at {at} UTC"


def _user(who: str) -> "User":
    from burnish_server.identity import lookup  # as above: only once Django is set up

    user = lookup.by_email_or_id(who)
    if user is None:
        typer.echo(f"burnish: there is no user {who}", err=True)
        raise typer.Exit(1)
    return user


def _print(title: str, rows: list["Row"]) -> None:
    table = Table("attribute", "value", "source", "at", title=title)
    for row in rows:
        at = row.observed_at.strftime("%Y-%m-%d %H:%M:%S") if row.observed_at else ""
        table.add_row(row.name, str(row.value), row.source, at)
    Console().print(table)
