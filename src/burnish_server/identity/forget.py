"""Forgetting a person in the tables of accounts: whatever they sign in with, and mails to them."""

from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.db.models import Q

from burnish_server.identity import user_sessions
from burnish_server.identity.models import Mail, Sms, User
from burnish_server.identity.oidc.models import Consent, DeviceCode, Grant


def user(user_id: UUID) -> None:
    """Remove a person's addresses, social accounts, factors, sessions, grants, and mails to them.

    The account's own row keeps its columns; whoever anonymises or deletes it sees to those.
    """
    account = User.objects.get(pk=user_id)
    _remove_messages(account)
    user_sessions.end_all(account)
    DeviceCode.objects.filter(grant__user=account).delete()
    Grant.objects.filter(user=account).delete()
    for rows in (Consent, Authenticator, SocialAccount, EmailAddress):
        rows.objects.filter(user=account).delete()
    LogEntry.objects.filter(Q(user=account) | Q(object_id=str(user_id))).delete()


def _remove_messages(account: User) -> None:
    """Remove what waits to be sent: afterwards nobody knows to whom it belonged."""
    addresses = {account.email, *_addresses(account)} - {None}
    for address in addresses:
        Mail.objects.filter(recipients__contains=[address]).delete()
    if account.phone_number:
        Sms.objects.filter(to=account.phone_number).delete()


def _addresses(account: User) -> set[str]:
    return set(EmailAddress.objects.filter(user=account).values_list("email", flat=True))
