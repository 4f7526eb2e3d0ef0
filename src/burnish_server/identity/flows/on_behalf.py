"""What people sign in with, changed by an administrator: no hook stands in the way of it.

Each function writes all of it or nothing, and says what happened.
"""

import secrets
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from burnish.events import identity as events
from burnish.events.entities import Identity
from burnish_server.identity import change_mails, entities, languages, user_sessions, usernames
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import first_proof, login_ids
from burnish_server.identity.flows.administrator import Unacceptable
from burnish_server.identity.flows.change_identities import tell, tell_of
from burnish_server.identity.flows.login_ids import LastWayIn, Taken
from burnish_server.identity.login_id import FIELDS, Key, LoginId, name
from burnish_server.identity.models import User
from burnish_server.identity.phone_field import as_number

KEYS: tuple[Key, ...] = ("email", "phone", "username")

EMAIL_LENGTH = 254


def checked(key: str, typed: str) -> LoginId:
    """Return what somebody is to sign in with, as it is kept. Raises `Unacceptable`."""
    if key not in KEYS:
        raise Unacceptable(f"There is no login ID {key}; there are {', '.join(KEYS)}.")
    try:
        return LoginId(key, _as_kept(key, typed), typed.strip())
    except ValidationError as error:
        raise Unacceptable(" ".join(error.messages)) from None


def password(given: str, user: User | None = None) -> str:
    """Return a password that may be used; a generated one for an empty text.

    Raises `Unacceptable`.
    """
    if not given:
        return secrets.token_urlsafe(12)
    if len(given) > 1000 or "\0" in given:
        raise Unacceptable("A password has at most 1000 characters, and no null character.")
    try:
        validate_password(given, user)
    except ValidationError as error:
        raise Unacceptable(" ".join(error.messages)) from None
    return given


def set_password(user: User, text: str | None) -> None:
    """Give a user a password, which `password` let through, or take it away.

    They are signed out everywhere. Call it in a transaction. Social accounts of an account that
    nobody has proved are disconnected: whoever gets the password is not to share it with them.
    """
    if text and user.last_login is None and not user.phone_number_verified:
        _disconnect_unproved(user)
    user.set_password(text)
    user.save(update_fields=["password", "updated_at"])
    user_sessions.end_all(user)
    change_mails.password_changed(user)


def _disconnect_unproved(user: User) -> None:
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        around = Circumstances("admin_api")
        for account in SocialAccount.objects.filter(user=user):
            _disconnect(user, entities.account(account), around)


def mail_password(user: User, secret: str) -> None:
    """Send a user their new password, to the address they sign in with."""
    about = {"password": secret}
    with override(languages.of_user(user.pk) or settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string("identity/password_mail_subject.txt", about).split())
        text = render_to_string("identity/password_mail.txt", about)
    send_mail(subject, text, None, [str(user.email)])


def add(user: User, one: LoginId, around: Circumstances) -> Identity:
    """Give a user one more way to sign in, not verified yet. Raises `Taken`, `Unacceptable`."""
    if one.key != "email":
        if getattr(user, FIELDS[one.key]):
            raise Unacceptable(f"This user has a {one.key} already; update it instead.")
        _set(user, one, around)
        return entities.login_id(user.pk, user.created_at, one.key, one.value)
    with transaction.atomic():
        _free(one.value)
        is_first = user.email is None
        EmailAddress.objects.create(user=user, email=one.value, primary=is_first, verified=False)
        if is_first:
            _set_email(user, one.value)
        tell(around, user, events.IdentityEmailAdded, one.value)
    return entities.email(user, one.value)


def replace(user: User, old: Identity, one: LoginId, around: Circumstances) -> Identity:
    """Put something else in an identity's place, not verified yet. Raises as `add` does."""
    before = value_of(old, one.key)
    if before is None:
        raise Unacceptable(f"This identity is no {one.key}; a {one.key} takes a {one.key}'s place.")
    if one.key != "email":
        _set(user, one, around)
    elif before != one.value:
        with transaction.atomic():
            _free(one.value)
            formerly = change_mails.verified(user) & {before}
            rows = EmailAddress.objects.filter(user=user, email=before)
            rows.update(email=one.value, verified=False)
            if user.email == before:
                _set_email(user, one.value)
            kind = events.IdentityEmailUpdated
            tell(around, user, kind, one.value, before, formerly=formerly)
    return entities.login_id(user.pk, user.created_at, one.key, one.value)


def remove(user: User, one: Identity, around: Circumstances) -> None:
    """Take a way to sign in away. Raises `LastWayIn`."""
    if len(entities.identities(user)) == 1:
        raise LastWayIn
    with transaction.atomic():
        if email := value_of(one, "email"):
            _remove_email(user, email, around)
        elif value_of(one, "phone"):
            login_ids.remove(user, "phone", around)
        elif value_of(one, "username"):
            login_ids.remove(user, "username", around)
        elif one.type == "oauth":
            _disconnect(user, one, around)
        else:
            key = _row(Authenticator.objects.filter(user=user), entities.passkey, one.id)
            key.delete()
            change_mails.factor_removed(user, key)


def set_verified(
    user: User, attribute: str, value: str, verified: bool, around: Circumstances
) -> None:
    """Say whether an address or a number was shown to be a user's own. Raises `Unacceptable`."""
    if attribute == "phone_number" and user.phone_number == value:
        if verified and not user.phone_number_verified:
            first_proof.vouched(user, around, phone=value)
        login_ids.set_phone_number(user, value, around, verified=verified)
        return
    row = EmailAddress.objects.filter(user=user, email=value.strip().lower()).first()
    if attribute != "email" or row is None:
        raise Unacceptable(f"This user signs in with no {attribute} {value}.")
    if row.verified is verified:
        return
    kind = events.IdentityEmailVerified if verified else events.IdentityEmailUnverified
    with transaction.atomic():
        if verified:
            first_proof.vouched(user, around, email=row.email)
        row.verified = verified
        row.save(update_fields=["verified"])
        tell(around, user, kind, row.email)


def value_of(one: Identity, key: Key) -> str | None:
    """Return the value of an identity, if it is a login ID of this key."""
    claims = one.claims
    if one.type != "login_id" or claims.get("https://authgear.com/claims/login_id/key") != key:
        return None
    return str(claims["https://authgear.com/claims/login_id/value"])


def _as_kept(key: str, typed: str) -> str:
    if key == "email":
        email = typed.strip().lower()
        validate_email(email)
        if len(email) > EMAIL_LENGTH:
            raise ValidationError("This address is too long.")
        return email
    if key == "phone":
        return as_number(typed)
    for validator in usernames.VALIDATORS:
        validator(typed.strip())
    return name(typed)


def _free(email: str) -> None:
    if User.objects.filter(email=email).exists() or EmailAddress.objects.filter(email=email):
        raise Taken


def _set(user: User, one: LoginId, around: Circumstances) -> None:
    if one.key == "phone":
        login_ids.set_phone_number(user, one.value, around, verified=False)
    else:
        login_ids.set_username(user, one.value, around)


def _set_email(user: User, email: str | None) -> None:
    user.email, user.updated_at = email, timezone.now()
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "updated_at"])
    except IntegrityError as error:
        raise Taken from error


def _remove_email(user: User, email: str, around: Circumstances) -> None:
    formerly = change_mails.verified(user) & {email}
    EmailAddress.objects.filter(user=user, email=email).delete()
    if user.email == email:
        heir = EmailAddress.objects.filter(user=user).order_by("-verified", "pk").first()
        if heir:
            heir.primary = True
            heir.save(update_fields=["primary"])
        _set_email(user, heir.email if heir else None)
    tell(around, user, events.IdentityEmailRemoved, email, formerly=formerly)


def _disconnect(user: User, one: Identity, around: Circumstances) -> None:
    row = _row(SocialAccount.objects.filter(user=user), entities.account, one.id)
    row.delete()
    tell_of(around, user, events.IdentityOAuthDisconnected, one)


def _row(rows: Any, described: Any, id: str | UUID) -> Any:
    return next(row for row in rows if described(row).id == id)
