"""Changed identities: told as they are; what they give, the profile has at once."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from burnish.events import identity as events
from burnish.events.entities import Identity
from burnish.events.event import Event
from burnish.profiles.coupled import recouple
from burnish_server.hooks import store as hooks
from burnish_server.identity import change_mails, circumstances, entities, owned
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows.update_profile import announce
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles


def email_added(request: HttpRequest, user: User, email_address: EmailAddress, **_: Any) -> None:
    """Take in that a user has one more address."""
    tell(_at_the_door(request), user, events.IdentityEmailAdded, email_address.email)


def email_removed(request: HttpRequest, user: User, email_address: EmailAddress, **_: Any) -> None:
    """Take in that a user has one address less."""
    formerly = frozenset([email_address.email] if email_address.verified else [])
    around = _at_the_door(request)
    tell(around, user, events.IdentityEmailRemoved, email_address.email, formerly=formerly)


def email_confirmed(request: HttpRequest, email_address: EmailAddress, **_: Any) -> None:
    """Take in that an address was shown to be its user's own."""
    user: User = email_address.user
    tell(_at_the_door(request), user, events.IdentityEmailVerified, email_address.email)


def email_changed(
    request: HttpRequest,
    user: User,
    from_email_address: EmailAddress | None,
    to_email_address: EmailAddress,
    **_: Any,
) -> None:
    """Take in that a user signs in with another address."""
    around, new = _at_the_door(request), to_email_address.email
    if from_email_address is None:
        tell(around, user, events.IdentityEmailAdded, new)
    else:
        tell(around, user, events.IdentityEmailUpdated, new, from_email_address.email)


def connected(request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    """Take in that a user connected an account of a social provider."""
    _tell_of_account(request, sociallogin.account, events.IdentityOAuthConnected)


def disconnected(request: HttpRequest, socialaccount: SocialAccount, **_: Any) -> None:
    """Take in that a user disconnected an account of a social provider."""
    _tell_of_account(request, socialaccount, events.IdentityOAuthDisconnected)


def _tell_of_account(request: HttpRequest, account: SocialAccount, kind: Any) -> None:
    user: User = account.user
    at = timezone.now()
    which = entities.account(account)
    _happened(kind(entities.present(user), which), _at_the_door(request), user, at)
    change_mails.identity_changed(user, kind, which)


def tell(
    circumstances: Circumstances,
    user: User,
    kind: Any,
    email: str,
    replaced: str | None = None,
    **mails: Any,
) -> None:
    """Bring the profile in line with a user's addresses, and say what happened to which.

    Further arguments are those of `tell_of`.
    """
    which = [entities.email(user, one) for one in (email, replaced) if one]
    tell_of(circumstances, user, kind, *which, **mails)


def tell_of(
    circumstances: Circumstances,
    user: User,
    kind: Any,
    *which: Identity,
    formerly: frozenset[str] = frozenset(),
    mailed: bool = True,
) -> None:
    """Bring the profile in line with a user's identities, and say what happened to which.

    Of an identity that took another's place, the new one comes first. The user hears by mail, also
    at addresses that were `formerly` verified as theirs, unless `mailed` is False.
    """
    at, schema = timezone.now(), profiles.schema()
    with transaction.atomic():
        values = owned.of(user)
        written = profiles.write(
            user.pk, lambda document: recouple(document, values, at), at, schema
        )
        now = entities.user(user, written.profile, schema)
        _happened(kind(now, *which), circumstances, user, at)
        announce(user, written, schema, circumstances, at)
        if mailed:
            change_mails.identity_changed(user, kind, which[0], formerly)


def _happened(event: Event, circumstances: Circumstances, user: User, at: datetime) -> None:
    hooks.happened(event, circumstances.context(str(user.pk), at), at)


def _at_the_door(request: HttpRequest | None) -> Circumstances:
    return circumstances.of(request, "user") if request else Circumstances("system")
