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
    """One attribute that has a value, and why it has this one."""

    group: Group
    name: str
    label: str
    explanation: Explanation
    access: Access

    @property
    def value(self) -> Any:
        """The value that holds."""
        return self.explanation.winner.value

    @property
    def source(self) -> str:
        """Who said so."""
        return self.explanation.winner.source

    @property
    def source_words(self) -> str:
        """Who said so, in words."""
        return in_words(self.source)

    @property
    def observed_at(self) -> datetime:
        """When it was said."""
        return self.explanation.winner.observed_at


def in_words(source: str) -> str:
    """Return a source as people read it."""
    kind, _, name = source.partition(":")
    return {"user": "the user", "admin": "an administrator", "hook": f"hook {name}"}.get(
        kind, source
    )


def rows(profile: Profile, schema: Schema, party: Party | None = None) -> list[Row]:
    """Return what a party may see of a profile, or all of it; standard attributes first."""
    said: dict[effective.Attribute, list[Fact]] = {}
    for fact in effective.load(profile.facts):
        said.setdefault((fact.group, fact.key), []).append(fact)
    now = timezone.now()
    places: list[tuple[Group, str, str, Access]] = [
        ("standard", name, name, standard.DEFAULT_ACCESS[name]) for name in standard.RULES
    ]
    places += [("custom", a.id, a.name, a.access_control) for a in schema.custom]
    return [
        Row(group, name, custom.label(name), policy.explain(said[group, key], now), access)
        for group, key, name, access in places
        if (group, key) in said and (party is None or access.readable_by(party))
    ]


def explain(profile: Profile, schema: Schema, name: str) -> Explanation | None:
    """Return why an attribute has its value; None where nobody has said anything."""
    found = [row.explanation for row in rows(profile, schema) if row.name == name]
    return found[0] if found else None


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
