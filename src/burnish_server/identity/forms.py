"""The sign-up form: where the hooks are asked, so that a refusal is a form error."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.core import context
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from burnish.events.entities import Identification
from burnish.events.user import UserPreCreate
from burnish.hooks.outcome import Denied, Failed, Outcome, Passed
from burnish_server.hooks.ask import pretend
from burnish_server.identity import bot_protection, circumstances, way_in
from burnish_server.identity.adapter import require_identified
from burnish_server.identity.flows import filling, signup
from burnish_server.identity.models import User
from burnish_server.identity.refused import as_error
from burnish_server.identity.sign_up_fields import PREFIX, Questions
from burnish_server.profiles import store as profiles


class LoginForm(allauth.LoginForm):
    """E-mail and password."""

    def clean(self) -> dict[str, Any]:
        """Let people pass, and programs where nobody minds."""
        bot_protection.require(context.request)
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class RequestLoginCodeForm(allauth.RequestLoginCodeForm):
    """An e-mail address to which a code is sent."""

    def clean_email(self) -> str:
        """Put who somebody says they are before the hooks."""
        email = str(super().clean_email())
        bot_protection.require(context.request)
        if email:
            require_identified(context.request, email)
        return email


class SignupForm(allauth.SignupForm):
    """E-mail and password. For an address that has an account no hook is asked."""

    account_already_exists: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask what is asked at sign-up, too."""
        super().__init__(*args, **kwargs)
        self.circumstances = circumstances.of(context.request, triggered_by="user")
        self.questions = Questions(self, self.circumstances)

    def account_fields(self) -> list[BoundField]:
        """Return the fields that are about how to sign in."""
        return [field for field in self.visible_fields() if not field.name.startswith(PREFIX)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        answers = self.questions.answers(cleaned)
        if self.errors:
            return cleaned
        bot_protection.require(context.request)
        if self.account_already_exists:
            make_password(cleaned["password1"])
            filling.pretend(signup.SIGN_UP)
            pretend(UserPreCreate.type)
            return cleaned
        self.schema = profiles.schema()
        self.candidate = signup.candidate(self.data["email"], cleaned["password1"], answers=answers)
        said = Identification("email", self.candidate.as_identities()[0])
        if refusal := way_in.identified(context.request, "signup", said, None):
            raise as_error(refusal)
        self.candidate = signup.enriched(self.candidate, self.circumstances, self.schema)
        self.passed = passed_or_error(signup.ask(self.candidate, self.circumstances, self.schema))
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the user; an address that has an account looks the same from outside."""
        if not self.account_already_exists:
            try:
                user = signup.create(self.candidate, self.passed, self.circumstances, self.schema)
            except signup.EmailTaken:
                self.account_already_exists = True
            else:
                return user, None
        return None, prevent_enumeration(request, email=self.cleaned_data["email"])


def passed_or_error(outcome: Outcome) -> Passed:
    """Return what passed; raise a form error for what did not."""
    match outcome:
        case Passed():
            return outcome
        case Denied(title=title, reason=reason):
            title = title or str(_("Sign-up refused"))
            raise ValidationError(
                "%(title)s %(reason)s",
                code="hook_disallowed",
                params={"title": title, "reason": reason},
            )
        case Failed():
            raise ValidationError(
                _(
                    "Your sign-up could not be checked just now, so nothing was stored. "
                    "Please try again in a few minutes."
                ),
                code="hook_failed",
            )
