"""How many profiles have a value of each attribute, and how many have it from a provider.

A value counts as a provider's where everybody who says just that is a provider: the cheap way to
tell without weighing the facts of every profile anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from django.db import connection

from burnish.attributes.schema import Schema
from burnish.profiles.fact import Attribute
from burnish_server.enrichment.models import Fill
from burnish_server.profiles.models import Profile

FEW = 5_000
"""So many profiles are counted while somebody waits."""

DAYS = 30

_COUNTS = """
WITH counted AS (
    SELECT kind.name AS "group", value.key, count(*) AS filled, count(*) FILTER (WHERE (
        SELECT bool_and(slot.key LIKE 'provider:%%')
        FROM jsonb_each(profile.facts -> kind.name -> value.key) AS slot
        WHERE slot.value -> 'value' = value.value
    )) AS enriched
    FROM profiles_profile AS profile,
        LATERAL (VALUES ('standard', profile.standard), ('custom', profile.custom))
            AS kind(name, held),
        LATERAL jsonb_each(kind.held) AS value
    GROUP BY 1, 2
)
SELECT place."group", place.key, (SELECT count(*) FROM profiles_profile),
    coalesce(filled, 0), coalesce(enriched, 0)
FROM unnest(%s::text[], %s::text[]) AS place("group", key)
LEFT JOIN counted USING ("group", key)
"""

_NOTE = f"""
INSERT INTO enrichment_fill (day, "group", key, users, filled, enriched)
SELECT %s, now.* FROM ({_COUNTS}) AS now
ON CONFLICT (day, "group", key) DO UPDATE SET users = excluded.users,
    filled = excluded.filled, enriched = excluded.enriched
"""  # noqa: S608 - no part of it comes from outside


@dataclass(frozen=True, slots=True)
class Level:
    """How many profiles had a value of an attribute, of how many, and how many from a provider."""

    users: int
    filled: int
    enriched: int

    @property
    def rate(self) -> float:
        """The share of profiles that have a value, from 0 to 1."""
        return self.filled / self.users if self.users else 0.0

    @property
    def enriched_rate(self) -> float:
        """The share of profiles that have a provider's value, from 0 to 1."""
        return self.enriched / self.users if self.users else 0.0


Days = Mapping[date, Level]


def note(schema: Schema, day: date) -> None:
    """Write how full the attributes are into the row of a day."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [day, *_places(schema)])


def over_time(now: datetime) -> dict[Attribute, Days]:
    """Return the noted days of the last month by attribute, the oldest first."""
    since = now.date() - timedelta(days=DAYS - 1)
    found: dict[Attribute, dict[date, Level]] = {}
    for fill in Fill.objects.filter(day__gte=since).order_by("day"):
        level = Level(fill.users, fill.filled, fill.enriched)
        found.setdefault((_group(fill.group), fill.key), {})[fill.day] = level
    return dict(found)


def present(schema: Schema, noted: Mapping[Attribute, Days]) -> dict[Attribute, Level]:
    """Return how full attributes are: counted now while profiles are few, else as last noted."""
    if len(Profile.objects.order_by()[: FEW + 1].values_list("pk")) <= FEW:
        return count(schema)
    return {place: list(days.values())[-1] for place, days in noted.items()}


def count(schema: Schema) -> dict[Attribute, Level]:
    """Count."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, _places(schema))
        return {(_group(group), key): Level(*row) for group, key, *row in cursor.fetchall()}


def _places(schema: Schema) -> tuple[list[str], list[str]]:
    places = [("standard", name) for name in schema.standard]
    places += [("custom", one.id) for one in schema.custom]
    return [group for group, _ in places], [key for _, key in places]


def _group(name: str) -> Literal["standard", "custom"]:
    return "standard" if name == "standard" else "custom"
