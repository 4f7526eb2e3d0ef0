"""Finding a user by what an administrator knows of them."""

from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.db.models import Q

from burnish_server.identity.login_id import name, number
from burnish_server.identity.models import User
from burnish_server.social import store as social


def find(text: str) -> User | None:
    """Return who signs in with this address, number or username, or has this id."""
    said = Q(email=text.strip().lower()) | Q(phone_number=number(text)) | Q(username=name(text))
    return by_id(text) or User.objects.filter(said).first()


def by_email(text: str) -> User | None:
    """Return the user with this e-mail address, in any case."""
    return User.objects.filter(email=text.strip().lower()).first()


def by_phone_number(text: str) -> User | None:
    """Return the user who signs in with this number, however it is spaced."""
    return User.objects.filter(phone_number=number(text)).first()


def by_username(text: str) -> User | None:
    """Return the user with this name, in any case."""
    return User.objects.filter(username=name(text)).first()


def by_social_account(alias: str, subject: str) -> User | None:
    """Return who signs in with an account of a social provider, by its own id there."""
    found = SocialAccount.objects.filter(provider=alias, uid=subject).select_related("user")
    return next((account.user for account in found), None)


def social_providers() -> frozenset[str]:
    """Return the aliases of the providers people may sign in with."""
    return frozenset(one.alias for one in social.enabled())


def by_id(text: str) -> User | None:
    """Return the user with this id; None also where it is none."""
    try:
        return User.objects.filter(pk=UUID(text)).first()
    except ValueError:
        return None
