"""Writing into the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from burnish_server.audit.models import Entry


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and by which door."""

    door: str
    name: str
    id: UUID | None = None

    @classmethod
    def at_command_line(cls) -> Self:
        """Return whoever sits at the command line."""
        return cls(Entry.Door.CLI, "command line")


def record(
    actor: Actor,
    action: str,
    kind: str,
    subject_id: object,
    subject: object,
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Write that something was done: call it in the transaction that does it.

    `action` is `added`, `changed`, `removed`, `retired`, `purged` and the like, `kind` what it was
    done to, such as `custom attribute`.
    """
    return Entry.objects.create(
        door=actor.door,
        actor=actor.name[:320],
        actor_id=actor.id,
        action=action,
        subject_kind=kind,
        subject_id=str(subject_id)[:80],
        subject=str(subject)[:320],
        detail=dict(detail or {}),
    )
