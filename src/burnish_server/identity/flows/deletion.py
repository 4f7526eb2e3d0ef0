"""Deleting an account: after a grace period in which it can be had back, or at once."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from burnish.events.user import (
    UserDeleted,
    UserDeletionScheduled,
    UserDeletionUnscheduled,
    UserPreScheduleDeletion,
)
from burnish.hooks.outcome import Denied, Failed, Passed
from burnish_server import erasure
from burnish_server.audit.log import Actor, record
from burnish_server.audit.models import Entry
from burnish_server.hooks import store as hooks
from burnish_server.hooks.ask import ask
from burnish_server.identity import entities
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import hooks_edits
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles

_CLOCK = Actor(Entry.Door.SERVICE, "grace period")


def grace() -> timedelta:
    """Return how long an account can be had back."""
    return timedelta(days=settings.BURNISH.accounts.deletion_days)


def schedule(
    user: User,
    circumstances: Circumstances,
    *,
    reason: str = "",
    also: Callable[[], None] | None = None,
) -> Passed | Denied | Failed:
    """Put the deletion before the hooks; close the account and delete it after the grace period.

    `also` is called in the transaction that writes.
    """
    at, schema = timezone.now(), profiles.schema()
    before = user.is_active
    user.delete_at, user.delete_reason, user.is_active = at + grace(), reason[:300], False
    event = UserPreScheduleDeletion(entities.present(user))
    outcome = ask(event, circumstances.context(str(user.pk), at), schema)
    if not isinstance(outcome, Passed):
        user.delete_at, user.delete_reason, user.is_active = None, "", before
        return outcome
    with transaction.atomic():
        user.save()
        hooks_edits.write(user, outcome, circumstances.author, schema, at)
        scheduled = UserDeletionScheduled(entities.present(user))
        hooks.happened(scheduled, circumstances.context(str(user.pk), at), at)
        if also:
            also()
    return outcome


def unschedule(user: User, circumstances: Circumstances) -> None:
    """Keep an account after all, and open it again."""
    at = timezone.now()
    user.delete_at, user.delete_reason, user.is_active = None, "", True
    with transaction.atomic():
        user.save()
        event = UserDeletionUnscheduled(entities.present(user))
        hooks.happened(event, circumstances.context(str(user.pk), at), at)


def delete(user: User, circumstances: Circumstances, reason: str = "") -> None:
    """Delete an account and all that is known of its person, at once.

    What is still to be delivered of it is `user.deleted` alone, after which that has no values
    left: see `hooks.forget`.
    """
    at = timezone.now()
    with transaction.atomic():
        event = UserDeleted(entities.present(user), reason or user.delete_reason)
        hooks.happened(event, circumstances.context(str(user.pk), at), at)
        erasure.forget(user.pk)
        user.delete()


def delete_due(at: datetime) -> int:
    """Delete the accounts whose grace period is over; return how many."""
    due = User.objects.filter(delete_at__lte=at).order_by("delete_at")[:100]
    for user in due:
        with transaction.atomic():
            detail = {"reason": user.delete_reason}
            record(_CLOCK, "deleted", "user", user.pk, user.pk, detail)
            delete(user, Circumstances("system"))
    return len(due)
