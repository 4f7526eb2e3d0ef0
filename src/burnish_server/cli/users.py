"""`burnish users`: profiles at the command line."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from burnish.attributes.faults import Fault
from burnish.cli.config import give_up
from burnish_server.cli import database, users_enrich, users_export, users_import
from burnish_server.cli.printed import plain
from burnish_server.cli.who import Who, user_of

if TYPE_CHECKING:  # the models exist only once Django is set up
    from burnish.profiles.fact import Fact as Said
    from burnish_server.profiles.view import Row

app = typer.Typer(help="Look at users, and change them.", no_args_is_help=True)

app.command("enrich")(users_enrich.enrich)
app.command("import")(users_import.import_users)
app.command("export")(users_export.export_users)


@app.callback()
def users() -> None:
    """Look at users, and change them."""


@app.command("show")
def show(
    who: Who,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, with every fact.")
    ] = False,
    data_dir: database.DataDir = None,
) -> None:
    """Show a user's profile: each value, its source and time."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.identity import owned
    from burnish_server.profiles import store, view
    from burnish_server.profiles.report import report

    user = user_of(who)
    profile, schema = store.of(user.pk), store.schema()
    derived = owned.derived(user, profile)
    if as_json:
        typer.echo(json.dumps(report(profile, schema, derived), ensure_ascii=False, indent=2))
    else:
        _print(str(user), view.rows(profile, schema), derived)


@app.command("explain")
def explain(
    who: Who,
    attribute: Annotated[str, typer.Argument(help="Its name, such as city.")],
    data_dir: database.DataDir = None,
) -> None:
    """Say why an attribute has its value: which source won, over whom, and by which rule."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.profiles import store, view

    user, schema, name = user_of(who), store.schema(), attribute.removeprefix("/")
    if schema.find(name) is None:
        give_up([Fault(f"/{name}", "there is no such attribute")])
    found = view.explain(store.of(user.pk), schema, name)
    if found is None:
        typer.echo(f"burnish: nobody has said anything about {name} of {who}", err=True)
        raise typer.Exit(1)
    stale = ", expired" if found.stale else ""
    typer.echo(f"{_value(found.winner)}, {_told(found.winner)}{stale}")
    for loser in found.losers:
        typer.echo(f"beat {_value(loser.fact)}, {_told(loser.fact)}: {loser.reason}")


@app.command("set")
def change(
    who: Who,
    assignments: Annotated[
        list[str],
        typer.Argument(metavar="ATTRIBUTE=VALUE...", help="New values; ATTRIBUTE= deletes one."),
    ],
    lock: Annotated[
        bool, typer.Option("--lock", help="Let these values hold whatever the user says.")
    ] = False,
    data_dir: database.DataDir = None,
) -> None:
    """Change values of a user's profile as an administrator: all of them, or none.

    Lists are JSON or separated by commas, an address is a JSON object.
    """
    texts = _texts(assignments)
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish.attributes.faults import InvalidValues
    from burnish_server.cli.editing import write
    from burnish_server.identity.refused import Refused

    user = user_of(who)
    try:
        lines = write(user, texts, lock)
    except Refused as refused:
        refuse(refused)
    except InvalidValues as invalid:
        give_up(list(invalid.faults))
    for line in lines:
        typer.echo(plain(line))


@app.command("disable")
def disable(
    who: Who,
    reason: Annotated[str, typer.Option(help="Why, for other administrators.")] = "",
    days: Annotated[int, typer.Option(min=0, help="For so many days; 0: until enabled.")] = 0,
    data_dir: database.DataDir = None,
) -> None:
    """Close an account to its user."""
    database.connect(data_dir)
    from burnish_server.cli import accounts  # its models are known once Django is set up

    typer.echo(accounts.disable(user_of(who), reason, days))


@app.command("enable")
def enable(who: Who, data_dir: database.DataDir = None) -> None:
    """Open an account again, and call off its deletion or anonymisation."""
    database.connect(data_dir)
    from burnish_server.cli import accounts  # its models are known once Django is set up

    typer.echo(accounts.enable(user_of(who)))


@app.command("delete")
def delete(
    who: Who,
    reason: Annotated[str, typer.Option(help="Why; hooks are told.")] = "",
    now: Annotated[bool, typer.Option("--now", help="Without the grace period.")] = False,
    data_dir: database.DataDir = None,
) -> None:
    """Delete an account, after the grace period in which it can be had back."""
    _end(who, data_dir, "delete", reason, now, 0)


@app.command("anonymize")
def anonymize(
    who: Who,
    days: Annotated[int, typer.Option(min=0, help="After so many days.")] = 0,
    now: Annotated[bool, typer.Option("--now", help="At once, and without asking hooks.")] = False,
    data_dir: database.DataDir = None,
) -> None:
    """Remove all that is personal from an account, and keep the account."""
    _end(who, data_dir, "anonymize", "", now, days)


def _end(who: str, data_dir: database.DataDir, act: str, reason: str, now: bool, days: int) -> None:
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.cli import accounts
    from burnish_server.identity.refused import Refused

    try:
        typer.echo(accounts.end(user_of(who), act, reason, now, days))
    except Refused as refused:
        refuse(refused)


def refuse(refused: Exception) -> NoReturn:
    """Say why nothing was changed, and end with status 1."""
    typer.echo(f"burnish: {refused} `burnish hooks log` says more.", err=True)
    raise typer.Exit(1)


def _texts(assignments: list[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        name = name.removeprefix("/")
        if not equals or not name:
            raise typer.BadParameter(f"{assignment} is no change; write ATTRIBUTE=VALUE.")
        if name in texts:
            raise typer.BadParameter(f"{name} stands twice; say once what it shall be.")
        texts[name] = text
    return texts


def _value(fact: "Said") -> str:
    from burnish.profiles.fact import NOTHING  # as above

    return "no value" if fact.value is NOTHING else plain(fact.value)


def _told(fact: "Said") -> str:
    locked = ", locked" if fact.locked else ""
    return (
        f"from {fact.source}, {fact.confidence:.0%} sure, at {_time(fact.observed_at)} UTC{locked}"
    )


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")


def _print(title: str, rows: list["Row"], derived: dict[str, object]) -> None:
    table = Table("attribute", "value", "source", "at", title=title)
    for row in rows:
        at = _time(row.observed_at) if row.observed_at else ""
        table.add_row(row.name, plain(row.value), row.source, at)
    for name, value in derived.items():
        table.add_row(name, plain(value), "derived", "")
    Console(markup=False, highlight=False, emoji=False).print(table)
