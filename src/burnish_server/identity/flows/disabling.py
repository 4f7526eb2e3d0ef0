"""Accounts closed to their users, for good or for a time, and opened again."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from burnish.events.user import UserDisabled, UserReenabled
from burnish_server.hooks import store as hooks
from burnish_server.identity import entities
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.models import User


def disable(
    user: User,
    circumstances: Circumstances,
    *,
    reason: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Close an account, at once and until it is opened, or between two moments."""
    at = timezone.now()
    user.disable_reason = reason[:300]
    user.temporarily_disabled_from = since or (at if until else None)
    user.temporarily_disabled_until = until
    user.is_active = bool(since and since > at)
    with transaction.atomic():
        user.save()
        event = UserDisabled(
            entities.present(user), user.temporarily_disabled_from, user.temporarily_disabled_until
        )
        hooks.happened(event, circumstances.context(str(user.pk), at), at)


def enable(user: User, circumstances: Circumstances) -> None:
    """Open an account again."""
    at = timezone.now()
    user.is_active = True
    user.disable_reason = ""
    user.temporarily_disabled_from = user.temporarily_disabled_until = None
    with transaction.atomic():
        user.save()
        event = UserReenabled(entities.present(user))
        hooks.happened(event, circumstances.context(str(user.pk), at), at)


def keep_time(at: datetime) -> None:
    """Close and open accounts whose time has come."""
    begun = Q(temporarily_disabled_from__lte=at, is_active=True)
    for user in User.objects.filter(begun).exclude(temporarily_disabled_until__lte=at):
        user.is_active = False
        user.save(update_fields=["is_active", "updated_at"])
    over = User.objects.filter(temporarily_disabled_until__lte=at, delete_at=None)
    for user in over.filter(anonymized_at=None):
        enable(user, Circumstances("system"))
