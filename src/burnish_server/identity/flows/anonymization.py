"""Anonymising an account: the account stays, and nothing of its person is left in it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from burnish.events.user import (
    UserAnonymizationScheduled,
    UserAnonymizationUnscheduled,
    UserAnonymized,
    UserPreScheduleAnonymization,
)
from burnish.hooks.outcome import Denied, Failed, Passed
from burnish_server import erasure
from burnish_server.hooks import store as hooks
from burnish_server.hooks.ask import ask
from burnish_server.identity import entities
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import hooks_edits
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles


def schedule(
    user: User,
    circumstances: Circumstances,
    days: int,
    *,
    also: Callable[[], None] | None = None,
) -> Passed | Denied | Failed:
    """Put it before the hooks; close the account and anonymise it after so many days.

    `also` is called in the transaction that writes.
    """
    at, schema = timezone.now(), profiles.schema()
    before = user.is_active
    user.anonymize_at, user.is_active = at + timedelta(days=days), False
    event = UserPreScheduleAnonymization(entities.present(user))
    outcome = ask(event, circumstances.context(str(user.pk), at), schema)
    if not isinstance(outcome, Passed):
        user.anonymize_at, user.is_active = None, before
        return outcome
    with transaction.atomic():
        user.save()
        hooks_edits.write(user, outcome, circumstances.author, schema, at)
        scheduled = UserAnonymizationScheduled(entities.present(user))
        hooks.happened(scheduled, circumstances.context(str(user.pk), at), at)
        if also:
            also()
    return outcome


def unschedule(user: User, circumstances: Circumstances) -> None:
    """Leave an account as it is after all, and open it again."""
    at = timezone.now()
    user.anonymize_at, user.is_active = None, True
    with transaction.atomic():
        user.save()
        event = UserAnonymizationUnscheduled(entities.present(user))
        hooks.happened(event, circumstances.context(str(user.pk), at), at)


def anonymize(user: User, circumstances: Circumstances) -> None:
    """Remove all that is personal, in every room: the account's id and its dates stay."""
    at = timezone.now()
    with transaction.atomic():
        erasure.forget(user.pk)
        user.groups.clear()
        user.user_permissions.clear()
        user.email, user.last_login = None, None
        user.phone_number, user.phone_number_verified, user.username = None, False, None
        user.set_unusable_password()
        user.is_active = user.is_staff = user.is_superuser = False
        user.disable_reason = user.delete_reason = ""
        user.delete_at = user.temporarily_disabled_from = user.temporarily_disabled_until = None
        user.anonymize_at, user.anonymized_at = None, at
        user.save()
        hooks.happened(
            UserAnonymized(entities.present(user)), circumstances.context(str(user.pk), at), at
        )


def anonymize_due(at: datetime) -> int:
    """Anonymise the accounts whose time has come; return how many."""
    due = User.objects.filter(anonymize_at__lte=at).order_by("anonymize_at")[:100]
    for user in due:
        anonymize(user, Circumstances("system"))
    return len(due)
