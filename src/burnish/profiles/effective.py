"""The effective profile: of all that was said, what holds."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, get_args

from burnish.profiles.fact import NOTHING, Attribute, Fact, Group
from burnish.profiles.policy import DEFAULT, Policies, choose

Facts = Mapping[str, Mapping[str, Mapping[str, Mapping[str, Any]]]]
"""Facts as stored: `{group: {key: {source: fact}}}`."""

NO_POLICIES: Policies = {}


def newest(facts: Iterable[Fact]) -> list[Fact]:
    """Return what a profile keeps: of each source the newest fact about each attribute."""
    kept: dict[tuple[Group, str, str], Fact] = {}
    for fact in facts:
        place = (fact.group, fact.key, fact.source)
        rival = kept.get(place)
        if rival is None or fact.replaces(rival):
            kept[place] = fact
    return list(kept.values())


def winners(
    facts: Iterable[Fact],
    now: datetime,
    policies: Policies = NO_POLICIES,
) -> dict[Attribute, Fact]:
    """Return the fact that holds for each attribute that has a value.

    An attribute without policy has the default. The answer does not depend on the order of the
    facts.
    """
    about: dict[Attribute, list[Fact]] = {}
    for fact in newest(facts):
        if not fact.refused:
            about.setdefault((fact.group, fact.key), []).append(fact)
    chosen = {
        attribute: choose(said, now, policies.get(attribute, DEFAULT))
        for attribute, said in about.items()
    }
    return {attribute: fact for attribute, fact in chosen.items() if fact.value is not NOTHING}


def load(stored: Facts) -> Iterator[Fact]:
    """Return the facts of a stored profile."""
    for group in get_args(Group):
        for key, by_source in stored.get(group, {}).items():
            for source, fact in by_source.items():
                yield Fact.from_json(group, key, source, fact)


def dump(facts: Iterable[Fact]) -> dict[str, Any]:
    """Return facts as they are stored."""
    stored: dict[str, Any] = {"standard": {}, "custom": {}}
    for fact in newest(facts):
        stored[fact.group].setdefault(fact.key, {})[fact.source] = fact.as_json()
    return stored
