"""`burnish providers`: which there are, what one answers, and whom one would ask."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from burnish.cli.given import (
    AcceptLanguage,
    Domain,
    Email,
    Input,
    Ip,
    Phone,
    UserAgent,
    given,
    names,
)
from burnish.cli.table import show
from burnish.enrichment import inputs as asked_with
from burnish.enrichment.enricher import Enricher
from burnish.enrichment.files.csv_rows import text_of
from burnish.enrichment.files.order import given_by, wanted
from burnish.enrichment.lookup import Lookup, Lookups
from burnish.enrichment.outcome import Failed, Found, Pending, Skipped
from burnish.enrichment.provider import Provider
from burnish.enrichment.providers import kinds
from burnish.enrichment.setup import Setup
from burnish.enrichment.unconfigured import setup_of
from burnish.errors import InvalidSettings
from burnish.outbound import Outbound

app = typer.Typer(help="See which providers there are, and try them.", no_args_is_help=True)

Config = Annotated[
    Path | None,
    typer.Option(help="File in which providers are set up; without one, those without settings."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def providers() -> None:
    """See which providers there are, and try them."""


@app.command("list")
def listed(config: Config = None, as_json: Json = False) -> None:
    """Say which kinds of provider there are, what they need, give and cost."""
    setup = setup_of(config)
    lines = [_line(key, kind, setup) for key, kind in sorted(kinds().items())]
    if as_json:
        typer.echo(json.dumps(lines, ensure_ascii=False))
        return
    typer.echo("\n\n".join(_words(line) for line in lines))


@app.command("test")
def tried(
    name: Annotated[str, typer.Argument(help="The provider's name in the configuration.")],
    config: Config = None,
    email: Email = None,
    ip: Ip = None,
    phone: Phone = None,
    user_agent: UserAgent = None,
    accept_language: AcceptLanguage = None,
    domain: Domain = None,
    input: Input = None,
    as_json: Json = False,
) -> None:
    """Ask one provider and print its answer; exit 1 when it gives none."""
    setup = setup_of(config)
    if name not in setup.providers:
        there = ", ".join(setup.providers) or "none"
        raise InvalidSettings(
            f"There is no provider {name} in the configuration; there is {there}."
        )
    provider = setup.providers[name]
    said = given(email, ip, phone, user_agent, accept_language, domain, input)
    lookup = asyncio.run(_ask(provider, known_of(provider, said)))
    _print(lookup, as_json)
    if isinstance(lookup.outcome, Failed | Skipped):
        raise typer.Exit(1)


@app.command("explain")
def explain(
    config: Config = None,
    want: Annotated[
        str | None, typer.Option(help="Attributes that are wanted, with commas between them.")
    ] = None,
    email: Email = None,
    ip: Ip = None,
    phone: Phone = None,
    user_agent: UserAgent = None,
    accept_language: AcceptLanguage = None,
    domain: Domain = None,
    input: Input = None,
    granted: Annotated[str | None, typer.Option(help="Purposes the person consented to.")] = None,
    as_json: Json = False,
) -> None:
    """Say whom one would ask, in which order, and whom not and why. Asks nobody."""
    setup = setup_of(config)
    listed = names(want)
    if listed is None:
        listed = list(setup.waterfalls) or given_by(setup)
    said = given(email, ip, phone, user_agent, accept_language, domain, input)
    plan = Enricher(setup, Lookups(Outbound())).explain(
        said, wanted(setup, listed, config is not None), granted=names(granted) or ()
    )
    if as_json:
        steps = [asdict(step) | {"price": str(step.price)} for step in plan.steps]
        whole = {"steps": steps, "settled": dict(plan.settled), "most": str(plan.most)}
        typer.echo(json.dumps(whole, ensure_ascii=False))
        return
    rows: list[tuple[str, ...]] = [
        (step.attribute, step.turn, step.provider, f"{step.price:f}", step.detail)
        for step in plan.steps
    ]
    rows += [(attribute, "settled", "", "", why) for attribute, why in plan.settled.items()]
    show(("attribute", "turn", "provider", "price", "why"), rows)
    typer.echo(f"It costs {plan.most:f} at most. Nobody was asked.")


def known_of(provider: Provider, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the inputs in their one form. Raises `InvalidSettings` where they do not do."""
    inputs = asked_with.read(said)
    for name, why in inputs.unfit.items():
        raise InvalidSettings(f"The {name} {why}.")
    if lacks := provider.lacks(inputs.known):
        raise InvalidSettings(f"{provider.name} needs {' and '.join(lacks)}.")
    return inputs.known


async def _ask(provider: Provider, known: Mapping[str, Any]) -> Lookup:
    lookups = Lookups(Outbound.of_environment())
    try:
        return await lookups.ask(provider, known)
    finally:
        await lookups.close()


def _print(lookup: Lookup, as_json: bool) -> None:
    outcome = lookup.outcome
    word = type(outcome).__name__.lower()
    values = dict(outcome.values) if isinstance(outcome, Found) else {}
    sure = {}
    if isinstance(outcome, Found):
        sure = {name: outcome.confidence_of(name) for name in values}
    said = outcome if isinstance(outcome, Failed | Skipped) else None
    if as_json:
        line = {
            "provider": lookup.provider,
            "outcome": word,
            "reason": said.reason if said else "",
            "detail": said.detail if said else "",
            "values": values,
            "confidence": sure,
            "ms": round(lookup.ms, 3),
            "cost": str(lookup.cost),
        }
        typer.echo(json.dumps(line, ensure_ascii=False, default=str))
        return
    if values:
        rows = [(name, text_of(value), f"{sure[name]:g}") for name, value in sorted(values.items())]
        show(("output", "value", "confidence"), rows)
    why = f": {said.reason}, {said.detail}" if said else ""
    if isinstance(outcome, Pending):
        why = f": it still looks; ask again in {outcome.retry_after:g} s"
    typer.echo(f"{lookup.provider}: {word}{why}. {lookup.ms:.1f} ms, cost {lookup.cost:f}.")


def _line(key: str, kind: type[Provider], setup: Setup) -> dict[str, Any]:
    needs = sorted(kind.needs)
    if kind.any_of:
        needs.append(" or ".join(sorted(kind.any_of)))
    return {
        "kind": key,
        "title": kind.title,
        "needs": " and ".join(needs),
        "gives": sorted(kind.gives),
        "price": f"{kind.price:f}",
        "local": kind.local,
        "licence": kind.terms.licence,
        "attribution": kind.terms.attribution,
        "page": kind.page,
        "configured": [one.name for one in setup.providers.values() if type(one) is kind],
    }


def _words(line: Mapping[str, Any]) -> str:
    configured = ", ".join(line["configured"])
    return "\n".join(
        (
            f"{line['kind']}: {line['title']}"
            + (f" (configured as {configured})" * bool(configured)),
            f"  needs    {line['needs'] or 'what its settings say'}",
            f"  gives    {', '.join(line['gives']) or 'what its settings say'}",
            f"  price    {line['price']}" + (", local" if line["local"] else ""),
            f"  licence  {' '.join((line['licence'], line['attribution'])).strip()}",
        )
    )
