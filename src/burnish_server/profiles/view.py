"""A profile as people read it: each value with its source and time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from burnish.attributes.access import Party
from burnish.attributes.custom import CustomAttribute, default_label
from burnish.attributes.schema import Schema
from burnish.profiles import document, effective, policy
from burnish.profiles.fact import NOTHING, Attribute, Fact, Group
from burnish.profiles.policy import Explanation
from burnish_server.profiles.models import Profile


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute, and why it has the value it has; no explanation where nobody spoke.

    `definition` is None for a standard attribute.
    """

    group: Group
    name: str
    label: str
    definition: CustomAttribute | None
    explanation: Explanation | None

    @property
    def winner(self) -> Fact | None:
        """The fact that holds, if one gives a value."""
        if self.explanation is None or self.explanation.winner.value is NOTHING:
            return None
        return self.explanation.winner

    @property
    def value(self) -> Any:
        """The value that holds; None for none."""
        return self.winner.value if self.winner else None

    @property
    def source(self) -> str:
        """Who said so; empty where there is no value."""
        return self.winner.source if self.winner else ""

    @property
    def source_words(self) -> str:
        """Who said so, in words."""
        return in_words(self.source)

    @property
    def observed_at(self) -> datetime | None:
        """When it was said."""
        return self.winner.observed_at if self.winner else None


def in_words(source: str) -> str:
    """Return a source as people read it."""
    kind, _, name = source.partition(":")
    return {"user": "the user", "admin": "an administrator", "hook": f"hook {name}"}.get(
        kind, source
    )


def all_rows(profile: Profile, schema: Schema, party: Party | None = None) -> list[Row]:
    """Return every attribute a party may see, with a value or without; standard ones first."""
    said: dict[Attribute, list[Fact]] = {}
    for fact in effective.load(profile.facts):
        if not fact.refused:
            said.setdefault(fact.attribute, []).append(fact)
    now = timezone.now()
    ways = policy.policies(schema)

    def row(group: Group, key: str, name: str, label: str, custom: CustomAttribute | None) -> Row:
        place: Attribute = (group, key)
        facts = said.get(place)
        why = policy.explain(facts, now, ways.get(place, policy.DEFAULT)) if facts else None
        return Row(group, name, label, custom, why)

    rows = [row("standard", name, name, default_label(name), None) for name in schema.standard]
    rows += [row("custom", a.id, a.name, a.title, a) for a in schema.custom]
    return [row for row in rows if party is None or schema.may(party, "read", row.name)]


def rows(profile: Profile, schema: Schema, party: Party | None = None) -> list[Row]:
    """Return the attributes that have a value, as far as a party may see them, or all."""
    return [row for row in all_rows(profile, schema, party) if row.winner]


def explain(profile: Profile, schema: Schema, name: str) -> Explanation | None:
    """Return why an attribute has its value; None where nobody has said anything."""
    place = schema.find(name)
    if place is None:
        return None
    ways = policy.policies(schema)
    return document.explain(profile.as_document(), place, timezone.now(), ways)
