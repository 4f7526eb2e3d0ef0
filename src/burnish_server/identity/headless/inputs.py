"""The forms of our pages, filled in by JSON."""

from collections.abc import Mapping
from typing import Any

from allauth.core import context
from allauth.headless.account import inputs as allauth
from allauth.headless.internal.restkit import inputs
from django.forms.utils import ErrorDict

from burnish_server.identity import bot_protection, forms
from burnish_server.identity.phone_field import PhoneField
from burnish_server.identity.sign_up_fields import PREFIX
from burnish_server.identity.social_sign_up import SocialSignupForm


class LoginInput(allauth.LoginInput):
    """What somebody signs in with, and their password."""

    phone = PhoneField(required=False)

    def clean(self) -> dict[str, Any]:
        """Let people pass, and programs where nobody minds."""
        bot_protection.require(context.request)
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class RequestLoginCodeInput(forms.RequestLoginCodeForm, inputs.Input):
    """Where a code is to be sent."""


class Answering(inputs.Input):
    """A sign-up whose `answers` are to the questions of the sign-up form, by attribute.

    What is wrong with one is said of `answers.NAME`.
    """

    _errors: Any

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        """Take JSON for what a form would send."""
        super().__init__(as_form(data or {}), *args, **kwargs)

    def full_clean(self) -> None:
        """Call fields as programs do."""
        super().full_clean()
        called = ErrorDict(renderer=self.renderer)
        for name, faults in self._errors.items():
            called[_called(name)] = faults
        self._errors = called


class SignupInput(Answering, forms.SignupForm):
    """What somebody will sign in with, a password, and answers."""


class PasskeySignupInput(SignupInput):
    """What somebody will sign in with besides a passkey, and answers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for no password."""
        super().__init__(*args, by_passkey=True, **kwargs)


class ProviderSignupInput(Answering, SocialSignupForm):
    """What a social provider did not say."""


def as_form(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form of ours would send in place of this JSON."""
    answers = said.get("answers")
    fields = {name: value for name, value in said.items() if name != "answers"}
    if "password" in fields:
        fields["password1"] = fields.pop("password")
    if isinstance(answers, Mapping):
        fields |= {f"{PREFIX}{name}": typed(value) for name, value in answers.items()}
    return fields


def typed(value: Any) -> Any:
    """Return a JSON value as somebody would type it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return [typed(one) for one in value]
    return "" if value is None else str(value)


def _called(name: str) -> str:
    if name == "password1":
        return "password"
    return f"answers.{name.removeprefix(PREFIX)}" if name.startswith(PREFIX) else name
