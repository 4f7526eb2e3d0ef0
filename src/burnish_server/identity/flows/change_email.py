"""A changed e-mail address: what an identity gives, the profile has at once."""

from allauth.account.models import EmailAddress
from django.http import HttpRequest
from django.utils import timezone

from burnish.profiles.fact import Fact
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles


def email_changed(
    request: HttpRequest, user: User, to_email_address: EmailAddress, **_: object
) -> None:
    """Put the address a user signs in with from now on into the profile, as the user's word."""
    at = timezone.now()
    profiles.say(user.pk, [Fact("standard", "email", to_email_address.email, "user", at)], at)
