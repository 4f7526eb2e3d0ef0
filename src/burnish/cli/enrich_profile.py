"""`burnish enrich --email E --ip I`: one profile, as a table or as JSON."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from burnish.cli import table
from burnish.enrichment.enricher import Enricher
from burnish.enrichment.files.csv_rows import text_of
from burnish.enrichment.files.order import given_by, wanted
from burnish.enrichment.lookup import Lookups
from burnish.enrichment.run import Enriched
from burnish.enrichment.setup import Setup
from burnish.enrichment.unconfigured import setup_of
from burnish.outbound import Outbound
from burnish.profiles.fact import Fact


async def show(
    inputs: Mapping[str, Any],
    want: Sequence[str] | None,
    config: Path | None,
    granted: Sequence[str],
    as_json: bool,
) -> None:
    """Print what providers know of somebody."""
    setup = setup_of(config)
    if want is None:
        want = list(setup.waterfalls) or given_by(setup)
    names = wanted(setup, want, config is not None)
    async with Enricher(setup, Lookups(Outbound.of_environment())) as enricher:
        profile = await enricher.enrich(inputs, names, granted=granted)
    if as_json:
        typer.echo(json.dumps(_document(setup, profile), ensure_ascii=False, default=str))
        return
    table.show(("attribute", "value", "source", "confidence", "until"), _values(setup, profile))
    table.show(("provider", "outcome", "why", "ms", "cost"), _account(profile))
    for attribute, why in profile.settled.items():
        typer.echo(f"{attribute}: {why}")


def _document(setup: Setup, profile: Enriched) -> dict[str, Any]:
    facts = [
        {
            "attribute": _name(setup, fact),
            "value": fact.value,
            "source": fact.source,
            "confidence": fact.confidence,
            "until": fact.expires_at and fact.expires_at.isoformat(),
        }
        for fact in profile.facts
    ]
    account = profile.account
    return {
        "values": dict(profile.values),
        "facts": facts,
        "account": account.as_json(),
        "settled": dict(profile.settled),
        "asked": account.asked,
        "cost": str(account.cost),
    }


def _values(setup: Setup, profile: Enriched) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for fact in sorted(profile.facts, key=lambda fact: _name(setup, fact)):
        until = f"{fact.expires_at:%Y-%m-%d}" if fact.expires_at else ""
        value = text_of(fact.value)
        rows.append((_name(setup, fact), value, fact.source, f"{fact.confidence:g}", until))
    return rows


def _account(profile: Enriched) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for line in profile.account.as_json():
        why = line["detail"] or line["reason"]
        outcome = f"{line['outcome']} ({line['kept']})" if line["kept"] else line["outcome"]
        rows.append((line["provider"], outcome, why, f"{line['ms']:.1f}", line["cost"]))
    return rows


def _name(setup: Setup, fact: Fact) -> str:
    defined = setup.schema.by_id.get(fact.key) if setup.schema else None
    return defined.name if defined and fact.group == "custom" else fact.key
