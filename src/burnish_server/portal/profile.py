"""A user's profile as the portal shows it: by group, each value with its source and time."""

from dataclasses import dataclass

from burnish.profiles.fact import Group
from burnish.profiles.policy import Loser
from burnish_server.identity.models import User
from burnish_server.portal.pages import moment
from burnish_server.profiles import store, view
from burnish_server.profiles.wording import lines


@dataclass(frozen=True, slots=True)
class Line:
    """One attribute: each part of its value stands on a line of its own."""

    label: str
    name: str
    value: tuple[str, ...]
    source: str
    at: str
    stale: bool
    beaten: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The attributes of one group."""

    title: str
    empty: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ShownProfile:
    """What administrators may see, and how many attributes hide themselves from the portal."""

    tables: tuple[Table, ...]
    hidden: int


def profile_of(user: User) -> ShownProfile:
    """Return a user's profile, as far as the portal may see it."""
    stored = store.of(user.pk)
    schema = store.schema()
    everything = view.rows(stored, schema)
    seen = [row for row in everything if schema.may("portal_ui", "read", row.name)]
    return ShownProfile(
        tables=(
            Table("Standard attributes", "Nothing yet.", _lines(seen, "standard")),
            Table(
                "Custom attributes",
                "Nothing yet. Hooks fill in the custom attributes you define.",
                _lines(seen, "custom"),
            ),
        ),
        hidden=len(everything) - len(seen),
    )


def _lines(rows: list[view.Row], group: Group) -> tuple[Line, ...]:
    return tuple(
        Line(
            row.label,
            row.name,
            lines(row.value),
            row.source_words,
            moment(row.observed_at),
            row.explanation.stale,
            tuple(map(_beaten, row.explanation.losers)),
        )
        for row in rows
        if row.group == group and row.explanation
    )


def _beaten(loser: Loser) -> str:
    said = " ".join(lines(loser.fact.value))
    source = view.in_words(loser.fact.source)
    return f"{said}, from {source}, {moment(loser.fact.observed_at)}: {loser.reason}"
