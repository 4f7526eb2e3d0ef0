"""A user's profile as the portal shows it: by group, each value with its source and freshness."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from burnish.attributes.custom import default_label
from burnish.attributes.schema import Schema
from burnish.attributes.standard import DERIVED
from burnish.profiles import effective
from burnish.profiles.fact import NOTHING, Attribute, Fact, Group
from burnish.profiles.policy import Explanation, Loser
from burnish_server.identity import owned
from burnish_server.identity.models import User
from burnish_server.identity.provenance import ago, day
from burnish_server.portal.pages import moment
from burnish_server.profiles import store, view
from burnish_server.profiles.models import Profile
from burnish_server.profiles.wording import lines


@dataclass(frozen=True, slots=True)
class Line:
    """One attribute: each part of its value stands on a line of its own.

    `beaten` says what others said and why it does not hold, `turned_away` whose guesses the user
    deleted. A `sensitive` value is shown when asked for.
    """

    label: str
    name: str
    value: tuple[str, ...]
    source: str
    ago: str = ""
    at: str = ""
    sure: str = ""
    holds: str = ""
    locked: bool = False
    sensitive: bool = False
    why: str = ""
    beaten: tuple[str, ...] = ()
    turned_away: tuple[str, ...] = ()


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
    rows = view.all_rows(stored, schema)
    seen = [row for row in rows if schema.may("portal_ui", "read", row.name)]
    shown = _lines(seen, schema, _refused(stored))
    derived = _derived(user, stored, schema)
    return ShownProfile(
        tables=(
            Table(
                "Standard attributes",
                "Nothing yet.",
                (*(line for group, line in shown if group == "standard"), *derived),
            ),
            Table(
                "Custom attributes",
                "Nothing yet. Hooks fill in the custom attributes you define.",
                tuple(line for group, line in shown if group == "custom"),
            ),
        ),
        hidden=sum(1 for row in rows if row.winner) - sum(1 for row in seen if row.winner),
    )


def _refused(profile: Profile) -> Mapping[Attribute, Sequence[str]]:
    sources: dict[Attribute, list[str]] = {}
    for fact in effective.load(profile.facts):
        if fact.refused:
            sources.setdefault(fact.attribute, []).append(view.in_words(fact.source))
    return sources


def _lines(
    rows: Sequence[view.Row], schema: Schema, refused: Mapping[Attribute, Sequence[str]]
) -> list[tuple[Group, Line]]:
    now = timezone.now()
    found: list[tuple[Group, Line]] = []
    for row in rows:
        place = schema.find(row.name)
        turned_away = tuple(refused.get(place, ())) if place else ()
        if row.explanation:
            found.append((row.group, _line(row, row.explanation, turned_away, now)))
        elif turned_away:
            found.append((row.group, Line(row.label, row.name, (), "", turned_away=turned_away)))
    return found


def _line(
    row: view.Row, explanation: Explanation, turned_away: tuple[str, ...], now: datetime
) -> Line:
    fact = explanation.winner
    sensitive = bool(row.definition and row.definition.sensitive)
    return Line(
        row.label,
        row.name,
        () if fact.value is NOTHING else lines(fact.value),
        view.in_words(fact.source),
        ago(fact.observed_at, now),
        moment(fact.observed_at),
        _sure(fact),
        _holds(fact, now),
        fact.locked,
        sensitive,
        _why(explanation),
        tuple(_beaten(loser, now, sensitive) for loser in explanation.losers),
        turned_away,
    )


def _sure(fact: Fact) -> str:
    # Short of certain is never called certain.
    return "" if fact.confidence >= 1 else f"{min(99, round(fact.confidence * 100))} % sure"


def _holds(fact: Fact, now: datetime) -> str:
    if fact.expires_at is None:
        return ""
    if fact.is_live(now):
        return f"fresh until {day(fact.expires_at)}"
    return f"expired {ago(fact.expires_at, now)}, nothing newer known"


def _why(explanation: Explanation) -> str:
    if explanation.losers:
        return "It beat:"
    if explanation.stale:
        return "It has expired, but nobody else said anything."
    return "Nobody else said anything."


def _beaten(loser: Loser, now: datetime, sensitive: bool) -> str:
    fact = loser.fact
    said = "no value" if fact.value is NOTHING else " ".join(lines(fact.value))
    about = ["a value" if sensitive else said, f"from {view.in_words(fact.source)}"]
    about += [words for words in (_sure(fact), ago(fact.observed_at, now)) if words]
    return f"{', '.join(about)}: {loser.reason}"


def _derived(user: User, profile: Profile, schema: Schema) -> Iterator[Line]:
    values: Mapping[str, Any] = owned.derived(user, profile) if profile.version else {}
    for name in DERIVED:
        if name not in values or not schema.may("portal_ui", "read", name):
            continue
        value = values[name]
        words = (moment(profile.updated_at),) if name == "updated_at" else lines(value)
        yield Line(default_label(name), name, words, "worked out")
