"""Deliveries: promised, settled, given up, made anew."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import random
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import timezone

from burnish.hooks.backoff import wait
from burnish.hooks.hook import Hook
from burnish.hooks.outcome import HookRun
from burnish.hooks.reply import Reply
from burnish_server.hooks import models, store
from burnish_server.hooks.models import Delivery


def promise(
    hook: str, envelope: Mapping[str, Any], user_id: UUID, due_at: datetime, at: datetime
) -> UUID | None:
    """Record that a deferred hook is called until it answers; a worker does from `due_at` on.

    Returns the delivery's id; None where there is no such hook any more.
    """
    pk = models.Hook.objects.filter(name=hook).values_list("pk", flat=True).first()
    if pk is None:
        return None
    delivery = Delivery.objects.create(
        id=uuid4(),
        hook_id=pk,
        event_seq=envelope["seq"],
        event_type=envelope["type"],
        user_id=user_id,
        due_at=due_at,
        created_at=at,
    )
    return delivery.pk


def settled(
    delivery: UUID,
    hook: Hook,
    envelope: Mapping[str, Any],
    user_id: UUID | None,
    run: HookRun,
    reply: Reply,
) -> None:
    """Record one attempt: the delivery is over, or due again, or given up for its age."""
    row = Delivery.objects.filter(pk=delivery, state=Delivery.State.PENDING).first()
    if row is None:
        return
    now = timezone.now()
    row.attempts += 1
    row.worker = None
    trouble = run.trouble
    row.error_code = trouble.reason if trouble else ""
    row.error_message = trouble.message if trouble else ""
    row.status, row.reply = reply.status, reply.text
    if trouble is None:
        row.state, row.finished_at = Delivery.State.DELIVERED, now
    elif now - row.created_at >= timedelta(hours=settings.BURNISH.hooks.give_up_hours):
        row.state, row.finished_at = Delivery.State.DEAD, now
    else:
        seconds = wait(row.attempts, reply.retry_after, random())  # noqa: S311 - spreads load
        row.due_at = now + timedelta(seconds=seconds)
    Delivery.objects.filter(pk=delivery).update(
        **{field: getattr(row, field) for field in _ATTEMPTED}
    )
    store.record([run], {row.hook_id: hook}, envelope["seq"], user_id, envelope["payload"])


_ATTEMPTED = (
    "attempts",
    "worker",
    "error_code",
    "error_message",
    "status",
    "reply",
    "state",
    "finished_at",
    "due_at",
)
