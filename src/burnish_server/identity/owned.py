"""What a user's identities say of them: the values they own, and which are verified."""

from typing import Any

from allauth.account.models import EmailAddress

from burnish.profiles.coupled import Owned
from burnish_server.identity.models import User
from burnish_server.profiles.models import Profile


def of(user: User) -> Owned:
    """Return the values of each identity-coupled attribute, the newest identity's first."""
    addresses = EmailAddress.objects.filter(user=user).order_by("-primary", "-pk")
    return {
        "email": [address.email for address in addresses],
        "phone_number": [user.phone_number] if user.phone_number else [],
        "preferred_username": [user.username] if user.username else [],
    }


def derived(user: User, profile: Profile) -> dict[str, Any]:
    """Return the derived attributes, each only where what it belongs to has a value.

    `updated_at` is in Unix seconds.
    """
    values: dict[str, Any] = {}
    if email := profile.standard.get("email"):
        verified = EmailAddress.objects.filter(user=user, email__iexact=email, verified=True)
        values["email_verified"] = verified.exists()
    if number := profile.standard.get("phone_number"):
        values["phone_number_verified"] = user.phone_number_verified and (
            number == user.phone_number
        )
    return values | {"updated_at": int(profile.updated_at.timestamp())}
