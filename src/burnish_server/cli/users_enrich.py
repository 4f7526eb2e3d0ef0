"""`burnish users enrich`: a user's profile is filled in, or the plan for that is shown."""

import json
from typing import Annotated, Any

import typer

from burnish.attributes.faults import Fault
from burnish.cli.config import give_up
from burnish.cli.given import names
from burnish.cli.table import show
from burnish_server.cli import database
from burnish_server.cli.printed import plain, waiting
from burnish_server.cli.who import Who, user_of


def enrich(
    who: Who,
    want: Annotated[
        str | None, typer.Option(help="Attributes that are wanted, with commas between them.")
    ] = None,
    plan_only: Annotated[
        bool, typer.Option("--explain", help="Say whom one would ask. Asks nobody.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    data_dir: database.DataDir = None,
) -> None:
    """Ask providers for what is missing of a user, and write what they say.

    It waits for 10 seconds; what comes later is written by a worker.
    """
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.cli import enriching

    user = user_of(who)
    if user.anonymized_at:
        typer.echo(f"burnish: {who} was anonymised; nobody is asked of them", err=True)
        raise typer.Exit(1)
    listed = names(want)
    listed = listed and [name.removeprefix("/") for name in listed]
    if unknown := enriching.unknown(listed or ()):
        give_up([Fault(f"/{name}", "there is no such attribute") for name in unknown])
    if plan_only:
        told = enriching.plan(user, listed)
    else:
        with waiting("Asking providers"):
            told = enriching.enrich(user, listed)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif plan_only:
        _print_plan(told)
    else:
        _print(told)


def _print_plan(told: dict[str, Any]) -> None:
    rows = [
        (one["attribute"], one["turn"], one["provider"], one["price"], one["detail"])
        for one in told["steps"]
    ]
    rows += [(name, "settled", "", "", why) for name, why in told["settled"].items()]
    show(("attribute", "turn", "provider", "price", "why"), rows)
    typer.echo(f"It costs {told['most']} at most. Nobody was asked.")


def _print(told: dict[str, Any]) -> None:
    values = {**told["standard_attributes"], **told["custom_attributes"]}
    rows = [
        (
            one["provider"],
            one["outcome"],
            ", ".join(one["gave"]),
            f"{one['ms']:.1f}",
            one["cost"],
            plain(one["detail"] or one["reason"]),
        )
        for one in told["lookups"]
    ]
    if rows:
        show(("provider", "outcome", "gave", "ms", "cost", "why"), rows)
    for fact in told["facts"]:
        name = fact["attribute"]
        now = plain(values[name]) if name in values else "no value"
        typer.echo(f"{name}: {now}, {fact['source']} said {fact['confidence']:.0%} sure")
    for name, why in told["settled"].items():
        typer.echo(f"{name}: nobody was asked: {why}")
    if not told["complete"]:
        typer.echo("Not all have answered; what they say is written when it comes.")
