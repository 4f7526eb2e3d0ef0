"""Segments, in and out of the database."""

from typing import Any

from burnish.config import Plan
from burnish.profiles.predicate import Predicate
from burnish.segments.rule import Rules
from burnish_server.audit.log import Actor, record
from burnish_server.segments.models import Segment


def rules() -> dict[str, tuple[Predicate, ...]]:
    """Return the rules by name."""
    return {
        row.name: tuple(Predicate.model_validate(one) for one in row.rule)
        for row in Segment.objects.all()
    }


def plan(section: Rules) -> Plan:
    """Return what a file's section would change. Writes nothing."""
    stored = rules()
    lines = [
        f"{'~' if name in stored else '+'} segment {name}"
        for name, rule in section.items()
        if stored.get(name) != tuple(rule)
    ]
    return Plan(
        tuple(lines), kept=tuple(f"segment {name}" for name in stored if name not in section)
    )


def apply(section: Rules, actor: Actor) -> None:
    """Write the section. Call it in a transaction; what the file does not name stays."""
    stored = rules()
    for name, rule in section.items():
        if stored.get(name) != tuple(rule):
            entry = [one.as_entry() for one in rule]
            Segment(name=name, rule=entry).save()
            action = "changed" if name in stored else "added"
            record(actor, action, "segment", name, name, {"after": entry})


def export() -> dict[str, Any]:
    """Return the section `segments`."""
    return {name: [one.as_entry() for one in rule] for name, rule in rules().items()}
