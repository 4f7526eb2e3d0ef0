"""Purposes and grants, in and out of the database."""

from uuid import UUID

from burnish.consent.purpose import DEFAULTS, Purpose
from burnish_server.consent import models


def purposes() -> dict[str, Purpose]:
    """Return every purpose there is, by name."""
    return DEFAULTS | {row.name: row.as_purpose() for row in models.Purpose.objects.all()}


def granted(user_id: UUID) -> frozenset[str]:
    """Return the purposes a user consented to."""
    return frozenset(models.Grant.objects.filter(user_id=user_id).values_list("purpose", flat=True))


def grant(user_id: UUID, purpose: str) -> None:
    """Note that a user consents to a purpose."""
    models.Grant.objects.bulk_create(
        [models.Grant(user_id=user_id, purpose=purpose)], ignore_conflicts=True
    )


def withdraw(user_id: UUID, purpose: str) -> None:
    """Note that a user does not consent to a purpose any more."""
    models.Grant.objects.filter(user_id=user_id, purpose=purpose).delete()


def forget(user_id: UUID) -> None:
    """Forget what a user consented to."""
    models.Grant.objects.filter(user_id=user_id).delete()
