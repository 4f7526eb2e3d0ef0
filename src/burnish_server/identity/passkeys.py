"""Passkeys that prove nothing: noted in the audit log, and never more than a sentence."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    SignupWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError

from burnish_server.identity import audited


class Credential(forms.JSONField):
    """A passkey's answer; JSON that Python does not read, such as endless digits, is none."""

    def to_python(self, value: Any) -> Any:
        """Return it decoded. Raises `ValidationError`."""
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


def install() -> None:
    """Have all of allauth's forms for passkeys ask here, those of its JSON API too."""
    for form in (AddWebAuthnForm, SignupWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm):
        form.base_fields["credential"] = Credential(widget=forms.HiddenInput)
    AuthenticateWebAuthnForm.clean_credential = noted(AuthenticateWebAuthnForm.clean_credential)
    for form in (AddWebAuthnForm, SignupWebAuthnForm):
        form.clean = readable(form.clean)


def readable(clean: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what reads a new passkey, so that one that cannot be read is a form error."""

    @wraps(clean)
    def checked(form: Any) -> Any:
        try:
            return clean(form)
        except (AttributeError, LookupError, TypeError, ValueError):
            raise get_adapter().validation_error("incorrect_code") from None

    return checked


def noted(clean: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what checks a passkey, so that it notes what was wrong.

    What has not even a passkey's members is a `KeyError` or the like in there.
    """

    @wraps(clean)
    def checked(form: Any) -> Any:
        try:
            return clean(form)
        except ValidationError:
            audited.wrong_proof(context.request, "primary.passkey", form.user)
            raise
        except (AttributeError, LookupError, TypeError, ValueError):
            audited.wrong_proof(context.request, "primary.passkey", form.user)
            raise get_adapter().validation_error("incorrect_code") from None

    return checked
