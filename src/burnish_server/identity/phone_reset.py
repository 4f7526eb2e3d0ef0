"""A forgotten password, set anew by who has the phone number: a code comes as a text message.

Whether a number has an account shows nowhere, as with e-mail addresses.
"""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmPasswordResetCodeForm, ResetPasswordKeyForm
from allauth.account.internal.flows import password_reset
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.core.internal import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from burnish_server.identity import audited, even_answers, lookup
from burnish_server.identity.flows import first_proof
from burnish_server.identity.models import User
from burnish_server.identity.phone_field import PhoneField

KEY = "phone_reset"
"""In the session: the number, whose it is, the code, and whether it was entered."""

METHODS = ["GET", "HEAD", "POST"]


class NumberForm(forms.Form):
    """The number somebody signs in with."""

    phone = PhoneField()


class PhoneReset(AbstractCodeVerificationProcess):
    """One reset, from the number until the new password."""

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        """Take up what the session has of it."""
        limits = app_settings.PHONE_VERIFICATION_MAX_ATTEMPTS
        super().__init__(limits, app_settings.PHONE_VERIFICATION_TIMEOUT, state)
        self.request = request

    @classmethod
    def begin(cls, request: HttpRequest, phone: str) -> None:
        """Send a code to a number, or take as long where it has no account that is open."""
        user = lookup.by_phone_number(phone)
        if user and not (user.is_active and first_proof.may_open(user, phone=phone)):
            user = None
        process = cls(request, cls.initial_state(user, phone=phone))
        process.send()
        process.persist()

    @classmethod
    def of(cls, request: HttpRequest) -> "PhoneReset | None":
        """Return the reset this visitor is at, unless its time is over."""
        state = request.session.get(KEY)
        process: PhoneReset | None = cls(request, state).abort_if_invalid() if state else None
        return process

    def send(self) -> None:
        """Write the message; unknown numbers get none, for messages cost money."""
        adapter, phone = get_adapter(), self.state["phone"]
        if self.user is None:
            adapter.send_unknown_account_sms(phone)
            return
        code = adapter.generate_phone_verification_code(user=self.user, phone=phone)
        self.state["code"] = code
        adapter.send_verification_code_sms(self.user, phone, code)

    def persist(self) -> None:
        """Keep how far it has come."""
        self.request.session[KEY] = self.state

    def abort(self) -> None:
        """End it."""
        self.request.session.pop(KEY, None)

    def confirm(self) -> None:
        """Take in that the code was right, so the number is theirs."""
        get_adapter().set_phone_verified(self.user, self.state["phone"])
        self.state["confirmed"] = True
        self.persist()


@never_cache
@require_http_methods(METHODS)
def request_reset(request: HttpRequest) -> HttpResponse:
    """Ask for the number."""
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        even_answers.even(request)
        phone = form.cleaned_data["phone"]
        if _counted(request, "reset_password", phone) and _counted(request, "verify_phone", phone):
            PhoneReset.begin(request, phone)
            return redirect("confirm_phone_reset")
        form.add_error("phone", get_adapter().validation_error("too_many_login_attempts"))
    return render(request, "identity/phone_reset.html", {"form": form})


@never_cache
@require_http_methods(METHODS)
def confirm_reset(request: HttpRequest) -> HttpResponse:
    """Ask for the code."""
    process = PhoneReset.of(request)
    if process is None:
        return redirect("request_phone_reset")
    form = ConfirmPasswordResetCodeForm(request.POST or None, code=process.code)
    if request.method == "POST":
        if form.is_valid():
            process.confirm()
            return redirect("complete_phone_reset")
        if isinstance(process.user, User):
            audited.wrong_proof(request, "primary.oob_otp_sms", process.user)
        if not process.record_invalid_attempt():
            messages.error(request, get_adapter().error_messages["too_many_login_attempts"])
            return redirect("request_phone_reset")
    about = {"verify_form": form, "phone": process.state["phone"]}
    about["cancel_url"] = reverse("account_login")
    return render(request, "identity/phone_reset_code.html", about)


@never_cache
@require_http_methods(METHODS)
def complete_reset(request: HttpRequest) -> HttpResponse:
    """Ask for the new password."""
    process = PhoneReset.of(request)
    if process is None or process.user is None or not process.state.get("confirmed"):
        return redirect("request_phone_reset")
    form = ResetPasswordKeyForm(request.POST or None, user=process.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        process.abort()
        password_reset.finalize_password_reset(request, process.user)
        return redirect("account_reset_password_from_key_done")
    action = reverse("complete_phone_reset")
    about = {"form": form, "action_url": action}
    return render(request, "account/password_reset_from_key.html", about)


def _counted(request: HttpRequest, action: str, phone: str) -> bool:
    return bool(ratelimit.consume(request, app="allauth.account", action=action, key=phone))
