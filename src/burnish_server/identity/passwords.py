"""How passwords are hashed, and asked for: once, whoever it is."""

from typing import Any

from allauth.account import app_settings
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from burnish_server.identity import lookup
from burnish_server.identity.languages import LOCALE
from burnish_server.identity.models import User


class Argon2id(Argon2PasswordHasher):
    """Argon2id with the least parameters OWASP's password storage cheat sheet recommends.

    19 MiB, two passes, one lane: about 25 ms on one core, without the memory of Django's own
    defaults (100 MiB), which a few dozen sign-ups at once would add up to gigabytes.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class Backend(AuthenticationBackend):
    """Checks one password, or takes as long for somebody who is not there."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """Return whose password this is; nobody else is asked after us."""
        if not credentials.get("password"):
            return None
        user: User | None = super().authenticate(request, **credentials)
        if user is None:
            raise PermissionDenied
        return user

    def get_user(self, user_id: Any) -> User | None:
        """Return whose session this is, with the language of their profile as `locale`."""
        user = User.objects.annotate(locale=LOCALE).filter(pk=user_id).first()
        return user if self.user_can_authenticate(user) else None

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        user: User | None = self._check_password(_whom(credentials), credentials["password"])
        if user:
            # The stages of a login ask for them again and again.
            theirs = list(EmailAddress.objects.filter(user=user))
            EmailAddress.objects.fill_cache_for_user(user, theirs)
        return user


def _whom(credentials: dict[str, Any]) -> User | None:
    """Return who is meant: what may be an address and a name is first taken for an address."""
    said = {key: str(credentials.get(key) or "") for key in ("email", "phone", "username")}
    if "email" in app_settings.LOGIN_METHODS and (text := said["email"] or said["username"]):
        users = filter_users_by_email(text, prefer_verified=True, for_login=True)
        if users:
            found: User = users[0]
            return found
    if "phone" in app_settings.LOGIN_METHODS and said["phone"]:
        return lookup.by_phone_number(said["phone"])
    if "username" in app_settings.LOGIN_METHODS and said["username"]:
        return lookup.by_username(said["username"])
    return None
