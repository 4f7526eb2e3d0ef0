"""Mails by which owners hear that how their account is signed in to has changed.

They go to every address that was shown to be the owner's, also to one that has just been taken
away. They hold no address, number, link or secret: whoever reads them may be somebody else by now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as N_

from burnish.events import identity as events
from burnish.events.entities import Identity
from burnish_server.identity import languages
from burnish_server.identity.models import User

PASSWORD = N_("The password of your account was changed.")
PASSWORD_REMOVED = N_("The password of your account was removed.")

_IDENTITIES: Mapping[type, str] = {
    events.IdentityEmailAdded: N_("An email address was added to your account."),
    events.IdentityEmailUpdated: N_("The email address of your account was changed."),
    events.IdentityEmailRemoved: N_("An email address was removed from your account."),
    events.IdentityPhoneAdded: N_("A phone number was added to your account."),
    events.IdentityPhoneUpdated: N_("The phone number of your account was changed."),
    events.IdentityPhoneRemoved: N_("The phone number was removed from your account."),
    events.IdentityOAuthConnected: N_("An account of another service was connected to yours."),
    events.IdentityOAuthDisconnected: N_(
        "An account of another service was disconnected from yours."
    ),
}
_EMAIL = (events.IdentityEmailAdded, events.IdentityEmailUpdated, events.IdentityEmailRemoved)
_PHONE = (events.IdentityPhoneAdded, events.IdentityPhoneUpdated, events.IdentityPhoneRemoved)
_ADDED: Mapping[str, str] = {
    Authenticator.Type.TOTP: N_("An authenticator app was added to your account."),
    Authenticator.Type.WEBAUTHN: N_("A passkey or security key was added to your account."),
    Authenticator.Type.RECOVERY_CODES: N_("New recovery codes were made for your account."),
}
_REMOVED: Mapping[str, str] = {
    Authenticator.Type.TOTP: N_("The authenticator app was removed from your account."),
    Authenticator.Type.WEBAUTHN: N_("A passkey or security key was removed from your account."),
    Authenticator.Type.RECOVERY_CODES: N_("The recovery codes of your account were removed."),
}


def verified(user: User) -> frozenset[str]:
    """Return a user's addresses that were shown to be theirs."""
    found = EmailAddress.objects.filter(user=user, verified=True)
    return frozenset(found.values_list("email", flat=True))


def send(user: User, sentence: str, to: Iterable[str]) -> None:
    """Say a sentence of this module to each address, in the owner's language.

    In an open transaction the mails leave only if it commits.
    """
    for address in sorted(set(to)):
        with override(languages.of_user(user.pk) or settings.LANGUAGE_CODE):
            about = {"sentence": gettext(sentence), "at": timezone.now()}
            subject = " ".join(render_to_string("identity/change_mail_subject.txt").split())
            text = render_to_string("identity/change_mail.txt", about)
        send_mail(subject, text, None, [address])


def identity_changed(
    user: User, kind: type, which: Identity, formerly: frozenset[str] = frozenset()
) -> None:
    """Say that an identity was added, changed or removed, if the kind of event is one of these.

    `formerly` are addresses that were verified as the user's before. Who adds an address has just
    read its mail, so that one hears nothing.
    """
    sentence = _IDENTITIES.get(kind)
    if sentence is None:
        return
    new = {which.claims.get("email")} if kind is events.IdentityEmailAdded else set()
    send(user, sentence, (verified(user) | formerly) - new)


@dataclass(frozen=True, slots=True)
class Move:
    """What a user signed in with before many are changed at once, and where they were reached."""

    user: User
    email: str | None
    phone_number: str | None
    formerly: frozenset[str]

    @classmethod
    def of(cls, user: User) -> "Move":
        """Take down what holds now."""
        return cls(user, user.email, user.phone_number, verified(user))

    def send(self) -> None:
        """Say what is other than it was."""
        for old, new, (added, changed, removed) in (
            (self.email, self.user.email, _EMAIL),
            (self.phone_number, self.user.phone_number, _PHONE),
        ):
            if old != new:
                kind = changed if old and new else added if new else removed
                send(self.user, _IDENTITIES[kind], self.formerly)


def password_changed(user: User, **_: Any) -> None:
    """Say that the password was changed, set or removed: also a handler of allauth's signals."""
    sentence = PASSWORD if user.has_usable_password() else PASSWORD_REMOVED
    send(user, sentence, verified(user))


def factor_added(user: User, authenticator: Authenticator, **_: Any) -> None:
    """Say that a factor was added or made anew: also a handler of allauth's signals.

    Whoever signs up with a passkey is not told of it: nobody has ever been in their account.
    """
    if user.last_login is not None:
        send(user, _ADDED[authenticator.type], verified(user))


def factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    """Say that a factor was removed: also a handler of allauth's signals."""
    send(user, _REMOVED[authenticator.type], verified(user))
