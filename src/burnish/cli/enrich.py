"""`burnish enrich`: a file, or one profile."""

import asyncio
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from burnish.cli import enrich_file, enrich_profile
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
    pairs,
)
from burnish.enrichment.files.order import Order
from burnish.errors import InvalidSettings

Config = Annotated[
    Path | None,
    typer.Option(help="File in which providers are set up; without one, those without settings."),
]


def enrich(
    file: Annotated[
        Path | None, typer.Argument(help="A CSV, TSV, JSONL or Parquet file, or - for stdin.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write, or - for stdout.")
    ] = None,
    want: Annotated[
        str | None, typer.Option(help="Attributes that are wanted, with commas between them.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="INPUT=COLUMN", help="Which column holds an input."),
    ] = None,
    config: Config = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be asked and cost; ask nobody.")
    ] = False,
    budget: Annotated[
        str | None, typer.Option(help="Money after which nobody is asked who costs any.")
    ] = None,
    concurrency: Annotated[
        int, typer.Option(min=1, max=2000, help="Rows for which somebody is asked at once.")
    ] = 100,
    granted: Annotated[
        str | None, typer.Option(help="Purposes to which everybody in it consented.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over what is there already.")
    ] = False,
    read_as: Annotated[
        str | None, typer.Option("--from", help="Format of the input, if its ending does not say.")
    ] = None,
    write_as: Annotated[
        str | None, typer.Option("--to", help="Format of the output, if its ending does not say.")
    ] = None,
    email: Email = None,
    ip: Ip = None,
    phone: Phone = None,
    user_agent: UserAgent = None,
    accept_language: AcceptLanguage = None,
    domain: Domain = None,
    input: Input = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the profile as JSON.")] = False,
) -> None:
    """Fill a file's rows, or one profile, with what providers know.

    A run over a file that was stopped, even killed, is gone on with by the same command; nothing
    that was answered is asked again.
    """
    inputs = given(email, ip, phone, user_agent, accept_language, domain, input)
    purposes = tuple(names(granted) or ())
    if file is None:
        if not inputs:
            raise InvalidSettings(
                "Name a file: burnish enrich people.csv -o people.parquet --want city; "
                "or say whom it is about: burnish enrich --email ada@nordlake.example."
            )
        asyncio.run(enrich_profile.show(inputs, names(want), config, purposes, as_json))
        return
    if inputs:
        raise InvalidSettings("Name a file, or say whom it is about; not both.")
    if output is None:
        if not dry_run:
            raise InvalidSettings("Say where to write: -o people.parquet, or -o - for stdout.")
        output = Path("-")
    order = Order(
        file,
        output,
        names(want),
        pairs(column, "--column ip=last_ip"),
        config,
        purposes,
        money(budget),
        concurrency,
        force=force,
        read_as=read_as,
        write_as=write_as,
    )
    if dry_run:
        enrich_file.foretell(order)
    else:
        enrich_file.fill(order)


def money(said: str | None) -> Decimal | None:
    """Return an amount of money. Raises `InvalidSettings`."""
    if said is None:
        return None
    try:
        amount = Decimal(said)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise InvalidSettings(f"{said!r} is no amount of money, such as 20 or 12.50.")
    return amount
