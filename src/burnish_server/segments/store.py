"""Segments, in and out of the database."""

from typing import Any

from burnish.attributes.schema import Schema
from burnish.config import Plan
from burnish.profiles.predicate import Predicate
from burnish.segments.rule import Rule, Rules, judge
from burnish_server.audit.log import Actor, record
from burnish_server.segments.models import Segment


def rules() -> dict[str, tuple[Predicate, ...]]:
    """Return the rules by name."""
    return {
        row.name: tuple(Predicate.model_validate(one) for one in row.rule)
        for row in Segment.objects.all()
    }


def plan(section: Rules, schema: Schema) -> Plan:
    """Return what a section would change, given the schema it will meet. Writes nothing."""
    stored = rules()
    lines = [
        f"{'~' if name in stored else '+'} segment {name}"
        for name, rule in section.items()
        if stored.get(name) != tuple(rule)
    ]
    faults = [
        fault for name, rule in section.items() for fault in judge(rule, schema, f"segments.{name}")
    ]
    kept = tuple(f"segment {name}" for name in stored if name not in section)
    return Plan(tuple(lines), tuple(faults), kept=kept)


def apply(section: Rules, actor: Actor) -> None:
    """Write the section. Call it in a transaction; what the file does not name stays."""
    stored = rules()
    for name, rule in section.items():
        if stored.get(name) != tuple(rule):
            put(name, rule, actor)


def put(name: str, rule: Rule, actor: Actor) -> None:
    """Write one segment. Call it in a transaction."""
    before = Segment.objects.filter(name=name).values_list("rule", flat=True).first()
    entry = [one.as_entry() for one in rule]
    Segment(name=name, rule=entry).save()
    detail = {"after": {"rule": entry}}
    if before is not None:
        detail = {"before": {"rule": before}, **detail}
    record(actor, "added" if before is None else "changed", "segment", name, name, detail)


def remove(row: Segment, actor: Actor) -> None:
    """Remove one segment. Call it in a transaction."""
    before = {"rule": row.rule}
    row.delete()
    record(actor, "removed", "segment", row.name, row.name, {"before": before})


def export() -> dict[str, Any]:
    """Return the section `segments`."""
    return {name: [one.as_entry() for one in rule] for name, rule in rules().items()}
