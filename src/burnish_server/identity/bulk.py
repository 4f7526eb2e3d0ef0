"""Many users at once: found by what they sign in with, and made or changed in a few statements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from burnish_server.identity.models import User

Owned = tuple[str, str]
"""What somebody signs in with: an identity-coupled attribute, and its value."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is to become a user; `password` is a hash as it is stored, or none."""

    id: UUID
    at: datetime
    email: str | None
    email_verified: bool
    password: str | None = None
    totp: str | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """What changes of a user; None leaves it as it is, an empty text removes it."""

    user: User
    email: str | None = None
    email_verified: bool | None = None
    disabled: bool | None = None


def signs_in_with(name: str) -> bool:
    """Return whether people sign in here with this identity-coupled attribute."""
    return name == "email"


def owners(given: Mapping[str, Collection[str]]) -> dict[Owned, UUID]:
    """Return who signs in with these values, by attribute and value."""
    emails = given.get("email", ())
    users = User.objects.filter(email__in=emails).values_list("email", "pk")
    others = EmailAddress.objects.filter(email__in=emails).values_list("email", "user_id")
    found: dict[Owned, UUID] = {("email", email): pk for email, pk in others}
    return found | {("email", str(email)): pk for email, pk in users}


def insert(newcomers: Sequence[Newcomer]) -> None:
    """Make users of them. Raises `IntegrityError` where somebody else came first."""
    User.objects.bulk_create(
        User(
            id=one.id,
            email=one.email,
            password=one.password or make_password(None),
            is_active=not one.disabled,
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
    """Change users. Raises `IntegrityError` where somebody else has such an identity."""
    touched = []
    for one in changes:
        user = one.user
        if one.email is not None and one.email != (user.email or ""):
            EmailAddress.objects.filter(user=user, primary=True).delete()
            user.email = one.email or None
            if one.email:
                EmailAddress.objects.update_or_create(
                    user=user, email=one.email, defaults={"primary": True}
                )
        if one.disabled is not None and user.is_active is one.disabled:
            user.is_active = not one.disabled
        touched.append(user)
    _verify(changes)
    User.objects.bulk_update(_stamped(touched), ["email", "is_active", "updated_at"])


def _stamped(users: Sequence[User]) -> Sequence[User]:
    at = timezone.now()
    for user in users:
        user.updated_at = at
    return users


def _verify(changes: Sequence[Changed]) -> None:
    for verified in (True, False):
        users = [one.user for one in changes if one.email_verified is verified]
        if users:
            addresses = EmailAddress.objects.filter(user__in=users, primary=True)
            addresses.update(verified=verified)
