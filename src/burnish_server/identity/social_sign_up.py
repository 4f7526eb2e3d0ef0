"""The form somebody sees who comes by a social provider, where something is still to be asked."""

from typing import Any

from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.core import context
from allauth.socialaccount import forms as allauth
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse

from burnish.events.user import UserPreCreate
from burnish_server.hooks.ask import pretend
from burnish_server.identity import bot_protection, circumstances
from burnish_server.identity.flows import filling, signup
from burnish_server.identity.models import User
from burnish_server.identity.refused import Refused, as_error
from burnish_server.identity.sign_up_fields import PREFIX, Questions
from burnish_server.identity.social_candidate import SocialCandidate, told


class SocialSignupForm(allauth.SignupForm):
    """An e-mail address where the provider gives none, and the questions of the sign-up form."""

    account_already_exists: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask what is asked at sign-up, but for what the provider says."""
        super().__init__(*args, **kwargs)
        around = circumstances.of(context.request, triggered_by="user")
        self.questions = Questions(self, around, told(self.sociallogin))

    def account_fields(self) -> list[BoundField]:
        """Return the fields that are about how to sign in."""
        return [field for field in self.visible_fields() if not field.name.startswith(PREFIX)]

    def clean(self) -> dict[str, Any]:
        """Put them before the hooks once all fields are right: a refusal is an error of the form.

        For an address that has an account no hook is asked.
        """
        cleaned: dict[str, Any] = super().clean()
        answers = self.questions.answers(cleaned)
        if self.errors:
            return cleaned
        bot_protection.require(context.request)
        if self.account_already_exists:
            filling.pretend(signup.SIGN_UP)
            pretend(UserPreCreate.type)
            return cleaned
        email = str(cleaned.get("email") or "")
        self.candidate = SocialCandidate(context.request, self.sociallogin, email, answers)
        try:
            self.candidate.ask()
        except Refused as refusal:
            raise as_error(refusal.outcome) from None
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the user; an address that has an account looks the same from outside."""
        if not self.account_already_exists:
            try:
                user = self.candidate.create()
            except signup.EmailTaken:
                self.account_already_exists = True
            else:
                return user, None
        return None, prevent_enumeration(request, email=self.cleaned_data["email"])
