"""First proof of an address or a phone number: what somebody else set up before it is removed.

Anybody can sign up with an address of somebody else. Until its owner proves it, such an account
may hold the other person's password, social account, passkeys or second factor (account
pre-hijacking), so none of them outlives a first proof by a session that holds none of them.
"""

from functools import wraps
from typing import Any

from allauth.account import forms
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import unstash_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from burnish.events import identity as events
from burnish_server.identity import circumstances, entities, pending_logins, user_sessions
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows.change_identities import tell, tell_of
from burnish_server.identity.models import User
from burnish_server.identity.oidc.models import Consent
from burnish_server.profiles import store

BY_PHONE = "complete_phone_reset"
"""The page on which a code to a phone number, and no link in a mail, stood for the user."""


def install() -> None:
    """Have codes and links for a new password sent only to addresses that may open the account."""
    find = forms.filter_users_by_email

    @wraps(find)
    def found(email: str, **how: Any) -> list[User]:
        users: list[User] = find(email, **how)
        # With these two allauth looks for whom to send something; else, whether it is taken.
        if how.get("is_active") and how.get("prefer_verified"):
            return [user for user in users if may_open(user, email=email)]
        return users

    forms.filter_users_by_email = found


def may_open(user: User, *, email: str = "", phone: str = "") -> bool:
    """Return whether who reads what is sent to an address or number may enter an account by it.

    Not where it is unproved and the owner came in with another that is: an administrator or a
    program added it, perhaps at the wish of somebody who waits for its owner to come by it.
    """
    if phone:
        return user.phone_number_verified or not _is_settled(user)
    address = EmailAddress.objects.filter(user=user, email__iexact=email).first()
    return bool(address and address.verified) or not _is_settled(user, address)


def email_confirmed(request: HttpRequest, email_address: EmailAddress, **_: Any) -> None:
    """Handle allauth's signal of a proved address, whichever way it was proved."""
    user: User = email_address.user
    if not _is_owner(request, user, email_address.email) and not _is_settled(user, email_address):
        remove_unproved(user, circumstances.of(request, "user"), email=email_address.email)
        pending_logins.restamp(request)


def phone_confirmed(request: HttpRequest, user: User, phone: str) -> None:
    """Handle a code that was sent to a user's still unverified number and came back."""
    if not _is_owner(request, user, phone) and not _is_settled(user):
        remove_unproved(user, circumstances.of(request, "user"), phone=phone)
        pending_logins.restamp(request)


def password_reset(request: HttpRequest, user: User, **_: Any) -> None:
    """Handle allauth's signal of a password set by a link in a mail, which proves an address.

    The link does not say to which address it went, so it proves one only if there is no other.
    """
    match = request.resolver_match
    if match and match.url_name == BY_PHONE:
        return
    addresses = list(EmailAddress.objects.filter(user=user))
    if any(one.verified for one in addresses):
        return
    around = circumstances.of(request, "user")
    only = addresses[0] if len(addresses) == 1 else None
    with transaction.atomic():
        if not _is_settled(user, only):
            remove_unproved(user, around, email=only.email if only else None, password=True)
        if only and only.set_verified(commit=True):
            tell(around, user, events.IdentityEmailVerified, only.email)


def vouched(
    user: User, around: Circumstances, *, email: str | None = None, phone: str | None = None
) -> None:
    """Handle the word of a program or an import that an unproved address is a user's own.

    It is about the address, and not about what whoever signed up with it chose: where they did so
    themselves and have proved nothing, that goes. Accounts that programs made stay as they are.
    """
    facts = store.of(user.pk).facts.get("standard", {})
    typed = facts.get("email" if email else "phone_number", {})
    is_proved = user.phone_number_verified or (
        EmailAddress.objects.filter(user=user, verified=True).exists()
    )
    if "user" in typed and not is_proved:
        remove_unproved(user, around, email=email, phone=phone)


def remove_unproved(
    user: User,
    around: Circumstances,
    *,
    email: str | None = None,
    phone: str | None = None,
    password: bool = False,
) -> None:
    """Remove every way to sign in but the address or number that was proved.

    `password` keeps the password, which whoever proved the address has just set. Without `email`
    and `phone` all addresses and the number stay, and only credentials are removed.
    """
    with transaction.atomic():
        if not password:
            user.set_unusable_password()
            user.save(update_fields=["password", "updated_at"])
        Authenticator.objects.filter(user=user).delete()
        user_sessions.end_all(user)
        Consent.objects.filter(user=user).delete()
        for account in SocialAccount.objects.filter(user=user):
            gone = entities.account(account)
            account.delete()
            tell_of(around, user, events.IdentityOAuthDisconnected, gone, mailed=False)
        if email or phone:
            _remove_other_login_ids(user, around, email, phone)


def _remove_other_login_ids(
    user: User, around: Circumstances, email: str | None, phone: str | None
) -> None:
    others = list(EmailAddress.objects.filter(user=user).exclude(email=email or ""))
    number, user.email, user.updated_at = user.phone_number, email, timezone.now()
    if number != phone:
        user.phone_number, user.phone_number_verified = None, False
    user.save(update_fields=["email", "phone_number", "phone_number_verified", "updated_at"])
    EmailAddress.objects.filter(pk__in=[one.pk for one in others]).delete()
    if email:
        EmailAddress.objects.filter(user=user, email=email).update(primary=True)
    user.__dict__.pop("_emailaddress_cache", None)
    for other in others:
        tell(around, user, events.IdentityEmailRemoved, other.email, mailed=False)
    if number and number != phone:
        gone = entities.login_id(user.pk, user.created_at, "phone", number)
        tell_of(around, user, events.IdentityPhoneRemoved, gone, mailed=False)


def _is_owner(request: HttpRequest, user: User, proved: str) -> bool:
    """Return whether this session shows more than the address: it made the account, or opened it.

    Before a first proof all credentials of an account are of one hand, so any of them will do.
    """
    if request.user.is_authenticated and request.user.pk == user.pk:
        return True
    login = unstash_login(request, peek=True)
    if login and login.signup and login.user and login.user.pk == user.pk:
        return True
    return any(
        one["method"] != "code" or proved not in (one.get("email"), one.get("phone"))
        for one in get_authentication_records(request, user)
    )


def _is_settled(user: User, proved: EmailAddress | None = None) -> bool:
    """Return whether somebody has proved another address or number before, and came in with it."""
    if user.last_login is None:
        return False
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    others = addresses.exclude(pk=proved.pk) if proved else addresses
    return others.exists() or (proved is not None and user.phone_number_verified)
