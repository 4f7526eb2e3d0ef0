"""A profile for programs: its values, and every fact behind them."""

from collections.abc import Iterator, Mapping
from typing import Any

from burnish.attributes.schema import Schema
from burnish.events.entities import timestamp
from burnish.profiles import effective
from burnish.profiles.fact import NOTHING, Fact
from burnish_server.profiles import view
from burnish_server.profiles.models import Profile
from burnish_server.profiles.view import Row


def report(profile: Profile, schema: Schema, derived: Mapping[str, Any]) -> dict[str, Any]:
    """Return a profile as one JSON object; `sources` and `facts` are keyed by attribute name.

    Of the facts about one attribute the `effective` one comes first, if there is one, then those
    it beat, each with the `rule` that decided, and last those the person refused.
    """
    rows = view.all_rows(profile, schema)
    refused = [fact for fact in effective.load(profile.facts) if fact.refused]
    facts = {row.name: [*_facts(row, schema, refused)] for row in rows}
    return {
        "id": str(profile.pk),
        "version": profile.version,
        "standard_attributes": _values(rows, "standard"),
        "custom_attributes": _values(rows, "custom"),
        "derived_attributes": dict(derived),
        "sources": {
            row.name: {"source": row.source, "at": timestamp(row.observed_at)}
            for row in rows
            if row.observed_at
        },
        "facts": {name: said for name, said in facts.items() if said},
    }


def _values(rows: list[Row], group: str) -> dict[str, Any]:
    return {row.name: row.value for row in rows if row.group == group and row.winner}


def _facts(row: Row, schema: Schema, refused: list[Fact]) -> Iterator[dict[str, Any]]:
    if why := row.explanation:
        yield _fact(why.winner) | {"effective": True, "rule": None, "stale": why.stale}
        for loser in why.losers:
            yield _fact(loser.fact) | {"effective": False, "rule": loser.rule}
    for fact in refused:
        if fact.attribute == schema.find(row.name):
            yield _fact(fact) | {"effective": False, "rule": "refused"}


def _fact(fact: Fact) -> dict[str, Any]:
    gone = fact.value is NOTHING
    return {
        "value": None if gone else fact.value,
        "deleted": gone,
        "source": fact.source,
        "observed_at": timestamp(fact.observed_at),
        "confidence": fact.confidence,
        "expires_at": timestamp(fact.expires_at) if fact.expires_at else None,
        "run": fact.run,
        "author": fact.author,
        "locked": fact.locked,
    }
