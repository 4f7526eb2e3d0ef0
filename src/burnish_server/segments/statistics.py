"""How many users are in segments now."""

from collections.abc import Mapping
from dataclasses import dataclass

from burnish.attributes.schema import Schema
from burnish.segments.rule import Rules, memberships
from burnish_server.profiles.models import Profile

MOST = 20_000
"""So many profiles are looked at while somebody waits: about half a second."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many are in each segment, of how many profiles that were looked at."""

    inside: Mapping[str, int]
    looked_at: int
    is_all: bool


def count(rules: Rules, schema: Schema, most: int = MOST) -> Counted:
    """Count by the rules themselves, as the engine asks them; the profiles come in batches."""
    names = {one.id: one.name for one in schema.custom}
    inside, looked_at = dict.fromkeys(rules, 0), 0
    profiles = Profile.objects.order_by().values_list("standard", "custom")[: most + 1]
    for standard, custom in profiles.iterator(chunk_size=2000) if rules else ():
        looked_at += 1
        if looked_at > most:
            return Counted(inside, most, is_all=False)
        values = {
            **standard,
            **{names[key]: value for key, value in custom.items() if key in names},
        }
        for name in memberships(rules, values):
            inside[name] += 1
    return Counted(inside, looked_at, is_all=True)
