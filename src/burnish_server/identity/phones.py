"""Where allauth asks us about phone numbers."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.utils.translation import gettext_lazy as _

from burnish_server.identity import circumstances, lookup
from burnish_server.identity.flows import first_proof, login_ids
from burnish_server.identity.models import User
from burnish_server.identity.phone_field import PhoneField
from burnish_server.identity.sms import outbox
from burnish_server.identity.stages import refused

NOT_THEIRS = _("This code is no longer good. Please begin again.")


class PhoneAdapter(DefaultAccountAdapter):
    """Numbers stand in the account; messages leave through the outbox."""

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        """Return what numbers are typed into."""
        return PhoneField(**kwargs)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        """Return somebody's number, and whether it was shown to be theirs."""
        if not user.phone_number:
            return None
        return user.phone_number, user.phone_number_verified

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        """Give somebody a number, and say so."""
        around = circumstances.of(context.request, triggered_by="user")
        try:
            login_ids.set_phone_number(user, phone, around, verified=verified)
        except login_ids.Taken:
            raise self.validation_error("phone_taken") from None

    def set_phone_verified(self, user: Any, phone: str) -> None:
        """Take in that a number was shown to be somebody's own.

        Only the user themselves, signed in, may prove a number that is not the account's: the code
        may be older than the number's removal.
        """
        request = context.request
        if user.phone_number == phone and not user.phone_number_verified:
            first_proof.phone_confirmed(request, user, phone)
        elif user.phone_number != phone and request.user.pk != user.pk:
            clear_login(request)
            raise ImmediateHttpResponse(refused(request, str(NOT_THEIRS)))
        self.set_phone(user, phone, verified=True)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Return whose number this is."""
        return lookup.by_phone_number(phone)

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **_: Any) -> None:
        """Send a code."""
        outbox.write(phone, "verification_code", code=code)

    def send_unknown_account_sms(self, phone: str, **_: Any) -> None:
        """Send nothing to a number nobody has, as if it were one: messages cost money."""
        outbox.pretend(phone)

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Tell somebody who signs up once more that they have an account."""
        outbox.write(phone, "account_exists")
