"""A profile as people read it: each value with its source and time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from burnish.attributes import custom, standard
from burnish.attributes.access import Access, Party
from burnish.attributes.schema import Schema
from burnish.events.entities import timestamp
from burnish.profiles import effective, policy
from burnish.profiles.fact import Fact, Group
from burnish.profiles.policy import Explanation
from burnish_server.profiles.models import Profile


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute that has a value."""

    group: Group
    name: str
    label: str
    value: Any
    source: str
    observed_at: datetime
    access: Access

    @property
    def source_words(self) -> str:
        """Who said so, in words."""
        kind, _, name = self.source.partition(":")
        words = {"user": "the user", "admin": "an administrator", "hook": f"hook {name}"}
        return words.get(kind, self.source)


def rows(profile: Profile, schema: Schema, party: Party | None = None) -> list[Row]:
    """Return what a party may see of a profile, or all of it; standard attributes first."""
    winners = effective.winners(effective.load(profile.facts), timezone.now())
    found = []
    for name in standard.RULES:
        if fact := winners.get(("standard", name)):
            found.append(_row(fact, name, standard.DEFAULT_ACCESS[name]))
    for attribute in schema.custom:
        if fact := winners.get(("custom", attribute.id)):
            found.append(_row(fact, attribute.name, attribute.access_control))
    return [row for row in found if party is None or row.access.readable_by(party)]


def _row(fact: Fact, name: str, access: Access) -> Row:
    label = custom.label(name)
    return Row(fact.group, name, label, fact.value, fact.source, fact.observed_at, access)


def explain(profile: Profile, schema: Schema, name: str) -> Explanation | None:
    """Return why an attribute has its value; None where nobody has said anything."""
    attribute = schema.by_name.get(name)
    place = ("custom", attribute.id) if attribute else ("standard", name)
    said = [fact for fact in effective.load(profile.facts) if (fact.group, fact.key) == place]
    return policy.explain(said, timezone.now()) if said else None


def as_json(user_id: str, rows: list[Row]) -> dict[str, Any]:
    """Return a profile as one JSON object; `sources` is keyed by attribute name."""
    return {
        "id": user_id,
        "standard_attributes": {row.name: row.value for row in rows if row.group == "standard"},
        "custom_attributes": {row.name: row.value for row in rows if row.group == "custom"},
        "sources": {
            row.name: {"source": row.source, "at": timestamp(row.observed_at)} for row in rows
        },
    }
