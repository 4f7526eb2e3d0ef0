"""Reading the audit log: who did what to what, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from burnish_server.audit.models import Entry

BATCH = 500
"""Entries read at a time by whoever reads all of them."""

FIELDS = (
    "id",
    "at",
    "door",
    "actor",
    "actor_id",
    "action",
    "subject_kind",
    "subject_id",
    "subject",
    "detail",
)
"""What an entry says, in the order exports have it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are wanted; what is empty or None leaves nothing out.

    `actor` is a name or an id, `subject` a name, an id, or the beginning of a name; `since` counts
    in, `until` does not.
    """

    actor: str = ""
    door: str = ""
    action: str = ""
    kind: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def entries(self) -> QuerySet[Entry]:
        """Return them, the latest first."""
        found = Entry.objects.order_by("-id")
        exact = {"door": self.door, "action": self.action, "subject_kind": self.kind}
        found = found.filter(**{name: value for name, value in exact.items() if value})
        if self.actor:
            found = found.filter(Q(actor__iexact=self.actor) | Q(actor_id__in=_ids(self.actor)))
        if self.subject:
            named = Q(subject_id=self.subject) | Q(subject__istartswith=self.subject)
            found = found.filter(named)
        if self.since:
            found = found.filter(at__gte=self.since)
        return found.filter(at__lt=self.until) if self.until else found


def one_by_one(found: QuerySet[Entry]) -> Iterator[Entry]:
    """Yield all entries of a query, the latest first, reading a batch at a time.

    Nothing is held between two batches, so the reader may be as slow as it likes.
    """
    last: int | None = None
    while True:
        batch = list((found if last is None else found.filter(pk__lt=last))[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1].pk


def as_json(entry: Entry) -> dict[str, Any]:
    """Return an entry as the API and exports have it."""
    told = {name: getattr(entry, name) for name in FIELDS}
    who = entry.actor_id
    return {**told, "at": entry.at.isoformat(), "actor_id": str(who) if who else None}


def _ids(text: str) -> list[str]:
    plain = text.replace("-", "").lower()
    return [text] if len(plain) == 32 and all(c in "0123456789abcdef" for c in plain) else []
