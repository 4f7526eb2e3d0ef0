"""Whom a segment's rule holds for, asked of the database as the rule asks it of one profile."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from burnish.attributes.schema import Schema
from burnish.profiles.predicate import Predicate


def of(rule: Iterable[Predicate], schema: Schema) -> Q:
    """Return the condition on profiles that all predicates hold."""
    found = Q()
    for predicate in rule:
        found &= _holds(predicate, schema)
    return found


def _holds(predicate: Predicate, schema: Schema) -> Q:
    place = schema.find(predicate.attribute)
    if place is None:
        # Nobody has what nobody defined.
        return Q() if predicate.known is False else Q(pk__in=())
    group, key = place
    if predicate.known is not None:
        known = Q(**{f"{group}__has_key": key})
        return known if predicate.known else ~known
    found = Q(pk__in=())
    for value in predicate.wanted:
        found |= _is(group, key, value)
    return found


def _is(group: str, key: str, value: Any) -> Q:
    # JSON containment: an object contains this member, a list this item.
    return Q(**{f"{group}__contains": {key: value}}) | Q(**{f"{group}__contains": {key: [value]}})
