"""A rule: the predicates that all hold for whoever is in a segment."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from burnish.attributes.access import Party
from burnish.attributes.faults import Fault, faults_of
from burnish.attributes.schema import Schema
from burnish.profiles.predicate import Predicate

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Rule = Annotated[tuple[Predicate, ...], Field(min_length=1, max_length=50)]
Rules = Mapping[str, Rule]

_RULES: TypeAdapter[dict[str, tuple[Predicate, ...]]] = TypeAdapter(dict[Name, Rule])


def parse(fragment: Any) -> dict[str, tuple[Predicate, ...]] | list[Fault]:
    """Return the fragment `segments`, rules by name, or what is wrong with it."""
    try:
        return _RULES.validate_python(fragment)
    except ValidationError as error:
        return faults_of(error, "segments")


def judge(rule: Rule, schema: Schema, place: str) -> list[Fault]:
    """Return why a rule could never hold under a schema: refused when it is saved."""
    return [
        Fault(f"{place}.{at}", refusal)
        for at, one in enumerate(rule)
        if (refusal := one.refuse(schema))
    ]


def readable(rule: Rule, schema: Schema, party: Party) -> bool:
    """Return whether a party may read every attribute a rule asks about.

    Who is counted by a rule, or found by it, tells values; nobody learns by it what they may not
    read. What nobody defined tells nothing.
    """
    names = {one.attribute for one in rule}
    return all(schema.find(name) is None or schema.may(party, "read", name) for name in names)


def memberships(rules: Rules, values: Mapping[str, Any]) -> frozenset[str]:
    """Return the segments somebody is in whose effective values these are."""
    return frozenset(name for name, rule in rules.items() if all(one.holds(values) for one in rule))
