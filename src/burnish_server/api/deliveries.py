"""Deliveries: events on their way to hooks, and having them made again."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from burnish.events.event import event_id
from burnish_server.api import hooks
from burnish_server.api.auth import Key
from burnish_server.api.deed import record
from burnish_server.api.moment import Moment
from burnish_server.api.paging import Page, Paging, page
from burnish_server.api.pointing import clean, missing
from burnish_server.api_keys.scope import HOOKS_READ, HOOKS_WRITE
from burnish_server.hooks import deliveries
from burnish_server.hooks.models import Delivery

router = Router(tags=["deliveries"])


class DeliveriesWanted(Paging):
    """Which deliveries are wanted; what is left out leaves nothing out."""

    hook: str = Field("", max_length=60)
    event: str = Field("", max_length=60)
    state: Delivery.State | None = None
    user_id: UUID | None = None


class DeliveryShown(Schema):
    """An event on its way to one hook; `due_at` is the next attempt."""

    id: UUID
    hook: str = Field(examples=["crm"])
    event: str = Field(examples=["user.created"])
    event_id: str
    user_id: UUID | None
    state: str = Field(examples=["dead"])
    attempts: int
    created_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    status: int | None
    error_code: str
    error: str


class DeliveryWithReply(DeliveryShown):
    """A delivery with the last answer of the endpoint."""

    reply: str


class DeliveriesAgain(Schema):
    """Which are made again: all that were given up, of one hook and since a moment if named."""

    model_config = ConfigDict(extra="forbid")

    hook: str = Field("", max_length=60, examples=["crm"])
    since: Moment | None = Field(None, examples=["2026-11-01T00:00:00Z"])


class DeliveriesReplayed(Schema):
    """How many are made again now."""

    deliveries: int


@router.get("/deliveries", response=Page[DeliveryShown], auth=Key(HOOKS_READ))
def list_deliveries(
    request: HttpRequest, response: HttpResponse, wanted: Query[DeliveriesWanted]
) -> Any:
    """List deliveries, the latest event first."""
    exact = {
        "hook__name": clean(wanted.hook),
        "event_type": clean(wanted.event),
        "state": wanted.state,
        "user_id": wanted.user_id,
    }
    rows = Delivery.objects.filter(**{name: value for name, value in exact.items() if value})
    order = ("-created_at", "-event_seq", "-id")
    return page(request, response, rows.select_related("hook"), order, wanted, _all)


@router.post("/deliveries/replay", response=DeliveriesReplayed, auth=Key(HOOKS_WRITE))
def replay_deliveries(request: HttpRequest, which: DeliveriesAgain) -> dict[str, Any]:
    """Have all deliveries made again that were given up."""
    rows = Delivery.objects.filter(state=Delivery.State.DEAD)
    rows = rows.filter(hook=hooks.one(which.hook)) if which.hook else rows
    rows = rows.filter(created_at__gte=which.since) if which.since else rows
    return _replay(request, rows, "", which.hook or "all")


@router.get("/deliveries/{id}", response=DeliveryWithReply, auth=Key(HOOKS_READ))
def read_delivery(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """Read one delivery."""
    row = Delivery.objects.filter(pk=id).select_related("hook").first()
    if row is None:
        raise missing("delivery", str(id))
    return {**_shown(row), "reply": row.reply}


@router.post("/deliveries/{id}/replay", response=DeliveriesReplayed, auth=Key(HOOKS_WRITE))
def replay_delivery(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """Have one delivery made again, whether it arrived or was given up."""
    rows = Delivery.objects.filter(pk=id)
    if not rows.exists():
        raise missing("delivery", str(id))
    return _replay(request, rows, str(id), str(id))


def _replay(
    request: HttpRequest, rows: QuerySet[Delivery], subject_id: str, subject: str
) -> dict[str, Any]:
    with transaction.atomic():
        done = deliveries.replay(rows)
        record(request, "replayed", "deliveries", subject_id, subject, {"deliveries": done})
    return {"deliveries": done}


def _all(rows: Sequence[Delivery]) -> Iterable[dict[str, Any]]:
    return map(_shown, rows)


def _shown(row: Delivery) -> dict[str, Any]:
    pending = row.state == Delivery.State.PENDING
    return {
        "id": row.pk,
        "hook": row.hook.name,
        "event": row.event_type,
        "event_id": event_id(row.event_seq),
        "user_id": row.user_id,
        "state": row.state,
        "attempts": row.attempts,
        "created_at": row.created_at,
        "due_at": row.due_at if pending else None,
        "finished_at": row.finished_at,
        "status": row.status,
        "error_code": row.error_code,
        "error": row.error_message,
    }
