"""Purposes from a configuration file into the database, and back."""

from typing import Any

from burnish.config import Plan
from burnish.consent.fragment import Consent
from burnish_server.audit.log import Actor, record
from burnish_server.consent.models import Purpose


def plan(section: Consent) -> Plan:
    """Return what the section would change. Writes nothing."""
    stored = {row.name: row.as_purpose() for row in Purpose.objects.all()}
    lines = [
        f"{'~' if name in stored else '+'} purpose {name} ({purpose.basis})"
        for name, purpose in section.purposes.items()
        if stored.get(name) != purpose
    ]
    kept = tuple(f"purpose {name}" for name in stored if name not in section.purposes)
    return Plan(lines=tuple(lines), kept=kept)


def apply(section: Consent, actor: Actor) -> None:
    """Write the purposes. Call it in a transaction; those the file does not name stay."""
    stored = {row.name: row.as_purpose() for row in Purpose.objects.all()}
    for name, purpose in section.purposes.items():
        if stored.get(name) != purpose:
            Purpose(name=name, basis=purpose.basis, title=purpose.title).save()
            action = "changed" if name in stored else "added"
            record(actor, action, "purpose", name, name, {"after": purpose.model_dump()})


def remove(row: Purpose, actor: Actor) -> None:
    """Settle nothing about a purpose any more. Call it in a transaction."""
    before = row.as_purpose().model_dump()
    row.delete()
    record(actor, "removed", "purpose", row.name, row.name, {"before": before})


def export() -> dict[str, Any]:
    """Return the section `consent`."""
    return {"purposes": {row.name: row.as_purpose().model_dump() for row in Purpose.objects.all()}}
