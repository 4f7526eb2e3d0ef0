"""The phone number and the username of a user: one of each, changed at any door.

Whoever calls has checked that a number or a name is well formed; that nobody else has it is
checked here.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from burnish.events import identity as events
from burnish.events.entities import Identity
from burnish_server.identity import entities
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows.change_identities import tell_of
from burnish_server.identity.login_id import FIELDS, Key
from burnish_server.identity.models import User

_EVENTS: dict[Key, tuple[Any, Any, Any]] = {
    "phone": (
        events.IdentityPhoneAdded,
        events.IdentityPhoneUpdated,
        events.IdentityPhoneRemoved,
    ),
    "username": (
        events.IdentityUsernameAdded,
        events.IdentityUsernameUpdated,
        events.IdentityUsernameRemoved,
    ),
}


class Taken(Exception):
    """Somebody else signs in with this."""


class LastWayIn(Exception):
    """Without this nobody could say who they are any more."""


def set_phone_number(
    user: User, number: str, circumstances: Circumstances, *, verified: bool
) -> None:
    """Give a user a number in E.164 form, in place of the one they have. Raises `Taken`."""
    with transaction.atomic():
        if user.phone_number != number:
            user.phone_number_verified = False
            _set(user, "phone", number, circumstances)
        if verified != user.phone_number_verified:
            user.phone_number_verified = verified
            user.save(update_fields=["phone_number_verified", "updated_at"])
            kind = events.IdentityPhoneVerified if verified else events.IdentityPhoneUnverified
            tell_of(circumstances, user, kind, _identity(user, "phone", number))


def set_username(user: User, name: str, circumstances: Circumstances) -> None:
    """Give a user a name, in place of the one they have. Raises `Taken`."""
    if user.username != name:
        _set(user, "username", name, circumstances)


def remove(user: User, key: Key, circumstances: Circumstances) -> None:
    """Take the number or the name away. Raises `LastWayIn` where there is no other."""
    old: str | None = getattr(user, FIELDS[key])
    if old is None:
        return
    if len(entities.identities(user)) == 1:
        raise LastWayIn
    gone = _identity(user, key, old)
    with transaction.atomic():
        _store(user, key, None)
        tell_of(circumstances, user, _EVENTS[key][2], gone)


def _set(user: User, key: Key, value: str, circumstances: Circumstances) -> None:
    added, updated, _ = _EVENTS[key]
    old: str | None = getattr(user, FIELDS[key])
    try:
        with transaction.atomic():
            _store(user, key, value)
            new = _identity(user, key, value)
            if old is None:
                tell_of(circumstances, user, added, new)
            else:
                tell_of(circumstances, user, updated, new, _identity(user, key, old))
    except IntegrityError as error:
        setattr(user, FIELDS[key], old)
        if User.objects.filter(**{FIELDS[key]: value}).exclude(pk=user.pk).exists():
            raise Taken from error
        raise


def _store(user: User, key: Key, value: str | None) -> None:
    setattr(user, FIELDS[key], value)
    if key == "phone" and value is None:
        user.phone_number_verified = False
    user.updated_at = timezone.now()
    user.save(update_fields=[FIELDS[key], "phone_number_verified", "updated_at"])


def _identity(user: User, key: Key, value: str) -> Identity:
    return entities.login_id(user.pk, user.created_at, key, value)
