"""Writing into the audit log."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from burnish_server.audit.models import Entry


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and by which door.

    `is_superuser` is true of an administrator of the portal who holds all of its permissions.
    """

    door: str
    name: str
    id: UUID | None = None
    is_superuser: bool = False

    @classmethod
    def at_command_line(cls) -> Self:
        """Return whoever sits at the command line."""
        return cls(Entry.Door.CLI, "command line")

    @classmethod
    def of_hook(cls, name: str) -> Self:
        """Return a hook, which changes and refuses what it is asked about."""
        return cls(Entry.Door.HOOK, name)

    @classmethod
    def of_user(cls, user_id: UUID | None) -> Self:
        """Return somebody at the sign-in pages: a user by their id, or nobody who is known."""
        return cls(Entry.Door.USER, str(user_id or "unknown"), user_id)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done: see `record`."""

    actor: Actor
    action: str
    kind: str
    subject_id: object
    subject: object
    detail: Mapping[str, Any] | None = None

    def as_entry(self) -> Entry:
        """Return the line of the log, not written yet."""
        return Entry(
            door=self.actor.door,
            actor=self.actor.name[:320],
            actor_id=self.actor.id,
            action=self.action,
            subject_kind=self.kind,
            subject_id=str(self.subject_id)[:80],
            subject=str(self.subject)[:320],
            detail=dict(self.detail or {}),
        )


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
    done to, such as `custom attribute`. `detail` names what changed, never a profile's values.
    """
    entry = Act(actor, action, kind, subject_id, subject, detail).as_entry()
    entry.save(force_insert=True)
    return entry


def record_many(acts: Iterable[Act]) -> None:
    """Write that several things were done, in one statement; in the transaction that does them."""
    if entries := [act.as_entry() for act in acts]:
        Entry.objects.bulk_create(entries)
