"""The effective profile: of all that was said, what holds."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from burnish.profiles.fact import Fact, Group

Facts = Mapping[str, Mapping[str, Mapping[str, Mapping[str, Any]]]]
"""Facts as stored: `{group: {key: {source: fact}}}`."""


def winners(facts: Iterable[Fact]) -> dict[tuple[Group, str], Fact]:
    """Return, for each attribute, the newest fact; of equally new ones, the last by source."""
    best: dict[tuple[Group, str], Fact] = {}
    for fact in facts:
        rival = best.get((fact.group, fact.key))
        if rival is None or _rank(fact) > _rank(rival):
            best[fact.group, fact.key] = fact
    return best


def _rank(fact: Fact) -> tuple[Any, ...]:
    return (fact.observed_at, fact.source)


def load(stored: Facts) -> Iterator[Fact]:
    """Return the facts of a stored profile."""
    for group in get_args(Group):
        for key, by_source in stored.get(group, {}).items():
            for source, fact in by_source.items():
                yield Fact.from_json(group, key, source, fact)


def dump(facts: Iterable[Fact]) -> dict[str, Any]:
    """Return facts as they are stored."""
    stored: dict[str, Any] = {"standard": {}, "custom": {}}
    for fact in facts:
        stored[fact.group].setdefault(fact.key, {})[fact.source] = fact.as_json()
    return stored
