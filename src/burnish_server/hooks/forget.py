"""Forgetting a person in the tables of hooks: events, deliveries, runs and what scripts kept.

That an account was deleted is still to be delivered, with the user as they were: this last event
loses its values when its deliveries are over, one by one or at the end of the time they are tried.
"""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from burnish.events.user import UserDeleted
from burnish_server.hooks.models import Cached, Delivery, Event, Forgotten, Run

LAST = UserDeleted.type

STRAGGLERS = timedelta(minutes=10)
"""How long a call that was under way may still write into the log."""

_DELIVERIES = """
DELETE FROM hooks_delivery USING hooks_event AS event
WHERE event_seq = event.seq AND event.user_id = %s AND event.type <> %s
"""

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""A reason such as `fraud`, which stays in the audit log too; a sentence may name somebody."""

_KEPT_OF_USER = ("id", "created_at", "updated_at", "is_disabled", "is_anonymized")
_KEPT_OF_CONTEXT = ("timestamp", "user_id", "triggered_by")


def user(user_id: UUID) -> None:
    """Remove a person's events, deliveries and cached values, and empty the log of their runs."""
    with connection.cursor() as cursor:
        cursor.execute(_DELIVERIES, [user_id, LAST])
    Event.objects.filter(user_id=user_id).exclude(type=LAST).delete()
    Cached.objects.filter(user_id=user_id).delete()
    _empty_runs(user_id)
    Forgotten.objects.get_or_create(user_id=user_id, defaults={"at": timezone.now()})
    _empty_last(user_id)


def is_forgotten(user_id: UUID) -> bool:
    """Return whether somebody was forgotten just now, so that no late answer is written to them."""
    return Forgotten.objects.filter(user_id=user_id).exists()


def finish(at: datetime) -> int:
    """Forget what could not be forgotten at once; return how many persons that was done for.

    Those are persons whose deletion was still being delivered, and calls that were under way.
    """
    done = 0
    for row in Forgotten.objects.filter(at__lte=at - STRAGGLERS):
        with transaction.atomic():
            _empty_runs(row.user_id)
            Cached.objects.filter(user_id=row.user_id).delete()
            if _empty_last(row.user_id):
                row.delete()
                done += 1
    return done


def _empty_runs(user_id: UUID) -> None:
    """Leave of a person's runs what figures are made of: which hook, how long, and whether."""
    Run.objects.filter(user_id=user_id).update(
        user_id=None,
        answer=None,
        console="",
        console_truncated=False,
        dropped=[],
        error_message="",
        requests=[],
    )


def _empty_last(user_id: UUID) -> bool:
    """Take the values out of the event of a deletion; return False while it is being delivered."""
    events = list(Event.objects.filter(user_id=user_id, type=LAST))
    deliveries = Delivery.objects.filter(event_seq__in=[event.seq for event in events])
    if events and deliveries.filter(state=Delivery.State.PENDING).exists():
        return False
    for event in events:
        Event.objects.filter(seq=event.seq).update(
            payload=_without_values(event.payload),
            context={name: event.context.get(name) for name in _KEPT_OF_CONTEXT},
        )
    deliveries.update(reply="", error_message="")
    return True


def _without_values(payload: dict[str, Any]) -> dict[str, Any]:
    """Return a deletion's payload with the user's id and dates, and a reason that is a code."""
    user = {name: payload["user"][name] for name in _KEPT_OF_USER if name in payload["user"]}
    user |= {"standard_attributes": {}, "custom_attributes": {}, "roles": [], "groups": []}
    reason = str(payload.get("reason", ""))
    return {"user": user, **({"reason": reason} if _CODE.fullmatch(reason) else {})}
