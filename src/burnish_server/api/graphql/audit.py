"""The audit log, as GraphQL tells it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Concat, Replace, Upper

from burnish_server.api.graphql import ids, users
from burnish_server.api.graphql.node import Node
from burnish_server.api.graphql.paging import Connection, Page, Window, connection
from burnish_server.api.graphql.scalars import ActivityType, AuditLogData
from burnish_server.api.graphql.users import User
from burnish_server.audit.models import Entry

_DOTTED = Case(
    When(action__contains=".", then=F("action")),
    default=Concat(F("subject_kind"), Value("_"), F("action")),
)
_TYPE = Upper(Replace(Replace(_DOTTED, Value("."), Value("_")), Value(" "), Value("_")))
"""`user.signed_out` is USER_SIGNED_OUT; of what has no dots, the kind of thing comes first."""


@strawberry.type(description="That somebody did something.")
class AuditLog(Node):
    id: strawberry.ID
    created_at: datetime
    activity_type: ActivityType
    user: User | None
    ip_address: str | None
    user_agent: str | None
    client_id: str | None
    data: AuditLogData | None

    @classmethod
    def of(cls, entry: Any, user: User | None) -> Self:
        """Return an entry as it is answered."""
        told = {
            "door": entry.door,
            "actor": entry.actor,
            "action": entry.action,
            "subject_kind": entry.subject_kind,
            "subject": entry.subject,
            "detail": entry.detail,
        }
        return cls(
            id=strawberry.ID(ids.encode("AuditLog", entry.pk)),
            created_at=entry.at,
            activity_type=ActivityType(entry.type),
            user=user,
            ip_address=entry.detail.get("ip_address"),
            user_agent=entry.detail.get("user_agent"),
            client_id=entry.detail.get("client_id"),
            data=AuditLogData(told),
        )


def entries() -> QuerySet[Any]:
    """Return all entries, each with its `type`."""
    return Entry.objects.annotate(type=_TYPE)


def wanted(
    since: datetime | None,
    until: datetime | None,
    types: Sequence[str] | None,
    user_ids: Sequence[UUID] | None,
) -> QuerySet[Any]:
    """Return the entries these leave over; `since` counts in, `until` does not."""
    found = entries()
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    if types is not None:
        found = found.filter(type__in=[one.upper() for one in types])
    if user_ids is not None:
        found = found.filter(subject_id__in=[str(one) for one in user_ids])
    return found


def shown(found: QuerySet[Any], window: Window, *, rising: bool) -> Connection[AuditLog]:
    """Return a page of entries as it is answered."""
    ordered = found.order_by("pk" if rising else "-pk")
    rows = list(ordered[window.start : window.stop + 1])
    size = window.stop - window.start
    page = Page(window, rows[:size], len(rows) > size, found.count)
    return connection(page, together(page.things))


def together(rows: Sequence[Any]) -> list[AuditLog]:
    """Return entries that are answered together, each with the user it is about."""
    about = {row.pk: ids.as_uuid(row.subject_id) for row in rows}
    known = users.by_id({one for one in about.values() if one})
    return [AuditLog.of(row, known.get(about[row.pk])) for row in rows]  # type: ignore[arg-type]
