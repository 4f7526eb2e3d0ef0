"""Many users at once: found by what they sign in with, and made or changed in a few statements."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.utils import timezone

from burnish_server.identity import change_mails, login_id
from burnish_server.identity.models import USERNAME_LENGTH, User

FIELDS = {
    "email": "email",
    "phone_number": "phone_number",
    "preferred_username": "username",
}
"""Where an account has what people sign in with, by attribute."""

EMAIL_LENGTH = 254

_CHANGE = """
UPDATE identity_user AS account
SET email = given.email, phone_number = given.phone_number, username = given.username,
    phone_number_verified = given.verified, is_active = given.active, updated_at = %s,
    temporarily_disabled_from = given.since, temporarily_disabled_until = given.until
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::bool[], %s::bool[],
        %s::timestamptz[], %s::timestamptz[])
    AS given(id, email, phone_number, username, verified, active, since, until)
WHERE account.id = given.id
"""

Owned = tuple[str, str]
"""What somebody signs in with: an identity-coupled attribute, and its value."""


@dataclass(frozen=True, slots=True)
class Closed:
    """When an account is closed to its user: from a moment on, for good where there is no end."""

    since: datetime | None = None
    until: datetime | None = None

    def at(self, moment: datetime) -> bool:
        """Return whether it is closed at a moment."""
        begun = self.since is not None and self.since <= moment
        return begun and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is to become a user; `password` is a hash as it is stored, or none."""

    id: UUID
    at: datetime
    email: str | None
    email_verified: bool = False
    phone_number: str | None = None
    phone_number_verified: bool = False
    username: str | None = None
    password: str | None = None
    totp: str | None = None
    disabled: bool = False
    closed: Closed | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What changes of a user; None leaves it as it is, an empty text removes it."""

    user: User
    email: str | None = None
    email_verified: bool | None = None
    phone_number: str | None = None
    phone_number_verified: bool | None = None
    username: str | None = None
    disabled: bool | None = None
    closed: Closed | None = None

    @property
    def moves(self) -> bool:
        """Whether the user signs in with something else afterwards."""
        user = self.user
        before = (user.email, user.phone_number, user.username)
        after = (self.email, self.phone_number, self.username)
        return any(
            new is not None and new != (old or "") for old, new in zip(before, after, strict=True)
        )

    @property
    def says_something(self) -> bool:
        """Whether anything is other than it was, or may be."""
        flags = (self.email_verified, self.phone_number_verified, self.disabled, self.closed)
        return self.moves or any(flag is not None for flag in flags)


def normalised(name: str, value: str) -> str:
    """Return the value of an identity-coupled attribute as it is kept."""
    match name:
        case "email":
            return value.strip().lower()
        case "phone_number":
            return login_id.number(value)
        case _:
            return login_id.name(value)


def refuse(name: str, value: str) -> str | None:
    """Return why nobody can sign in with a value that is well formed, or None."""
    if name == "preferred_username" and len(value) > USERNAME_LENGTH:
        return f"must have at most {USERNAME_LENGTH} characters"
    if name == "email" and len(value) > EMAIL_LENGTH:
        return f"must have at most {EMAIL_LENGTH} characters"
    return None


def owners(given: Mapping[str, Collection[str]]) -> dict[Owned, UUID]:
    """Return who signs in with these values, by attribute and value."""
    found: dict[Owned, UUID] = {}
    if emails := given.get("email"):
        addresses = EmailAddress.objects.filter(email__in=emails)
        found |= {("email", one): pk for one, pk in addresses.values_list("email", "user_id")}
    for name, column in FIELDS.items():
        if values := given.get(name):
            users = User.objects.filter(**{f"{column}__in": values})
            found |= {(name, one): pk for one, pk in users.values_list(column, "pk")}
    return found


def insert(newcomers: Sequence[Newcomer]) -> None:
    """Make users of them. Raises `IntegrityError` where somebody else came first."""
    User.objects.bulk_create(
        User(
            id=one.id,
            email=one.email,
            phone_number=one.phone_number,
            phone_number_verified=one.phone_number_verified,
            username=one.username,
            password=one.password or unusable(),
            is_active=not (one.disabled or (one.closed and one.closed.at(one.at))),
            temporarily_disabled_from=one.closed.since if one.closed else None,
            temporarily_disabled_until=one.closed.until if one.closed else None,
            created_at=one.at,
        )
        for one in newcomers
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user_id=one.id, email=one.email, primary=True, verified=one.email_verified)
        for one in newcomers
        if one.email
    )
    encrypt = get_adapter().encrypt
    Authenticator.objects.bulk_create(
        Authenticator(
            user_id=one.id, type=Authenticator.Type.TOTP, data={"secret": encrypt(one.totp)}
        )
        for one in newcomers
        if one.totp
    )


def held(ids: Iterable[UUID]) -> dict[UUID, User]:
    """Return users by id, their rows held until the transaction ends."""
    users = User.objects.filter(pk__in=list(ids)).order_by("pk")
    return {user.pk: user for user in users.select_for_update(no_key=True)}


def change(changes: Sequence[Changed]) -> None:
    """Change users, at least one.

    Raises `IntegrityError` where somebody else signs in with the same. Owners hear by mail.
    """
    moves = [change_mails.Move.of(one.user) for one in changes if one.moves]
    for one in changes:
        user = one.user
        if one.email is not None and one.email != (user.email or ""):
            _move(user, one.email)
        if one.phone_number is not None and one.phone_number != (user.phone_number or ""):
            user.phone_number, user.phone_number_verified = one.phone_number or None, False
        if one.phone_number_verified is not None and user.phone_number:
            user.phone_number_verified = one.phone_number_verified
        if one.username is not None:
            user.username = one.username or None
        if one.disabled is not None:
            user.is_active = not one.disabled
        if one.closed is not None:
            user.temporarily_disabled_from = one.closed.since
            user.temporarily_disabled_until = one.closed.until
            user.is_active = not (one.disabled or one.closed.at(timezone.now()))
    _verify(changes)
    _store([one.user for one in changes])
    if settings.BURNISH.accounts.import_mails:
        for move in moves:
            move.send()


def unusable() -> str:
    """Return what stands in the place of a hash where there is no password."""
    return f"{UNUSABLE_PASSWORD_PREFIX}{secrets.token_urlsafe(30)}"


def _store(users: Sequence[User]) -> None:
    # Django's own statement for this takes longer to build than all the rest of an import.
    columns = zip(
        *(
            (
                user.pk,
                user.email,
                user.phone_number,
                user.username,
                user.phone_number_verified,
                user.is_active,
                user.temporarily_disabled_from,
                user.temporarily_disabled_until,
            )
            for user in users
        ),
        strict=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE, [timezone.now(), *map(list, columns)])


def _move(user: User, email: str) -> None:
    """Give a user another address in place of their primary one, or none."""
    EmailAddress.objects.filter(user=user, primary=True).delete()
    user.email = email or None
    if email:
        EmailAddress.objects.update_or_create(user=user, email=email, defaults={"primary": True})


def _verify(changes: Sequence[Changed]) -> None:
    for verified in (True, False):
        users = [one.user for one in changes if one.email_verified is verified]
        if users:
            addresses = EmailAddress.objects.filter(user__in=users, primary=True)
            addresses.update(verified=verified)
