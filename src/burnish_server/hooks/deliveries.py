"""Deliveries: promised, claimed, attempted, given up, made anew."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from burnish.events.event import envelope
from burnish.hooks.backoff import wait
from burnish.hooks.reply import Reply
from burnish.hooks.trouble import Trouble
from burnish_server.hooks import models
from burnish_server.hooks.models import Delivery

GONE = 410
"""The status by which an endpoint says that it will never want another event."""

_CLAIM = """
WITH busy AS (
    SELECT * FROM unnest(%(busy)s::bigint[], %(taken)s::int[]) AS busy(hook_id, taken)
), due AS (
    SELECT found.id, found.created_at
    FROM hooks_hook AS hook
    LEFT JOIN busy ON busy.hook_id = hook.id
    CROSS JOIN LATERAL (
        SELECT id, created_at FROM hooks_delivery
        WHERE hook_id = hook.id AND state = 'pending' AND due_at <= now()
        ORDER BY due_at
        LIMIT greatest(%(most)s - coalesce(busy.taken, 0), 0)
        FOR UPDATE SKIP LOCKED
    ) AS found
    WHERE hook.enabled
), claimed AS (
    UPDATE hooks_delivery AS delivery
    SET worker = %(worker)s, attempts = attempts + 1,
        due_at = now() + make_interval(secs => %(lease)s)
    FROM due WHERE delivery.id = due.id AND delivery.created_at = due.created_at
    RETURNING delivery.*
)
SELECT claimed.id, claimed.created_at, claimed.hook_id, claimed.attempts, claimed.user_id,
    coalesce(claimed.replayed_at, claimed.created_at),
    event.seq, event.type, event.payload, event.context
FROM claimed JOIN hooks_event AS event
    ON event.seq = claimed.event_seq
    AND event.created_at BETWEEN claimed.created_at - interval '1 day'
        AND claimed.created_at + interval '1 day'
"""

_WRITE = """
UPDATE hooks_delivery AS delivery
SET state = made.state, due_at = made.due_at, worker = NULL, finished_at = made.finished_at,
    attempts = made.attempts, error_code = made.error_code,
    error_message = made.error_message, status = made.status, reply = made.reply
FROM unnest(
    %s::uuid[], %s::timestamptz[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::int[],
    %s::text[], %s::text[], %s::int[], %s::text[]
) AS made(id, created_at, state, due_at, finished_at, attempts, error_code, error_message,
    status, reply)
WHERE delivery.id = made.id AND delivery.created_at = made.created_at
    AND delivery.state = 'pending' AND delivery.worker IS NOT DISTINCT FROM %s
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery a worker has in hand: what is to be delivered to which hook."""

    id: UUID
    created_at: datetime
    hook_id: int
    attempts: int
    user_id: UUID | None
    since: datetime
    """From when its age counts."""
    envelope: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an attempt: `trouble` where it failed."""

    id: UUID
    created_at: datetime
    attempts: int
    since: datetime
    reply: Reply
    trouble: Trouble | None

    def outcome(self, now: datetime) -> tuple[str, datetime, datetime | None]:
        """Return the state, when it is due again, and when it was over."""
        age = now - self.since
        if self.trouble is None:
            return Delivery.State.DELIVERED, now, now
        if self.reply.status == GONE or age >= timedelta(
            hours=settings.BURNISH.hooks.give_up_hours
        ):
            return Delivery.State.DEAD, now, now
        seconds = wait(self.attempts, self.reply.retry_after, random())  # noqa: S311 - spreads load
        return Delivery.State.PENDING, now + timedelta(seconds=seconds), None


def promise(
    hook: str, event: Mapping[str, Any], user_id: UUID, due_at: datetime, at: datetime
) -> tuple[UUID, datetime] | None:
    """Record that a deferred hook is called until it answers; a worker does from `due_at` on.

    Returns what names the delivery; None where there is no such hook any more.
    """
    pk = models.Hook.objects.filter(name=hook).values_list("pk", flat=True).first()
    if pk is None:
        return None
    delivery = Delivery.objects.create(
        id=uuid4(),
        hook_id=pk,
        event_seq=event["seq"],
        event_type=event["type"],
        user_id=user_id,
        due_at=due_at,
        created_at=at,
    )
    return delivery.id, at


def claim(worker: UUID, busy: Mapping[int, int], most: int, lease: timedelta) -> list[Claimed]:
    """Take deliveries that are due into hand, for the time of the lease.

    No hook gets more than `most` at a time, counting those it is `busy` with already.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "worker": worker,
                "busy": list(busy),
                "taken": list(busy.values()),
                "most": most,
                "lease": lease.total_seconds(),
            },
        )
        rows = cursor.fetchall()
    return [
        Claimed(id, created_at, hook_id, attempts, user_id, since, _envelope(*event))
        for id, created_at, hook_id, attempts, user_id, since, *event in rows
    ]


def _envelope(seq: int, type: str, payload: str, context: str) -> dict[str, Any]:
    return envelope(type, json.loads(payload), seq, json.loads(context))


def renew(worker: UUID, ids: Iterable[UUID], lease: timedelta) -> None:
    """Keep deliveries in hand for another lease."""
    due_at = timezone.now() + lease
    Delivery.objects.filter(id__in=list(ids), worker=worker, state=Delivery.State.PENDING).update(
        due_at=due_at
    )


def release(worker: UUID, ids: Iterable[UUID]) -> None:
    """Let others have what this worker had in hand, at once."""
    Delivery.objects.filter(id__in=list(ids), worker=worker, state=Delivery.State.PENDING).update(
        due_at=timezone.now(), worker=None
    )


def write(attempts: Sequence[Attempt], worker: UUID | None) -> None:
    """Record attempts in one statement: each is over, or due again, or given up.

    What another worker has taken over meanwhile is left to it.
    """
    now = timezone.now()
    outcomes = [attempt.outcome(now) for attempt in attempts]
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            [
                [attempt.id for attempt in attempts],
                [attempt.created_at for attempt in attempts],
                [str(state) for state, _, _ in outcomes],
                [due_at for _, due_at, _ in outcomes],
                [finished_at for _, _, finished_at in outcomes],
                [attempt.attempts for attempt in attempts],
                [attempt.trouble.reason if attempt.trouble else "" for attempt in attempts],
                [attempt.trouble.message if attempt.trouble else "" for attempt in attempts],
                [attempt.reply.status for attempt in attempts],
                [attempt.reply.text.replace("\0", "") for attempt in attempts],
                worker,
            ],
        )


def replay(which: QuerySet[Delivery]) -> int:
    """Have deliveries made anew that were given up or had arrived; return how many.

    Their age counts from now, so that they are not given up again at once.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        count = which.exclude(state=Delivery.State.PENDING).update(
            state=Delivery.State.PENDING,
            due_at=now,
            attempts=0,
            worker=None,
            finished_at=None,
            replayed_at=now,
        )
        cursor.execute("SELECT pg_notify('hooks_delivery', '')")
    return count
