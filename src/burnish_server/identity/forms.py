"""The sign-up form: where the hooks are asked, so that a refusal is a form error."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.core import context, ratelimit
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from burnish.events.authentication import AuthenticationPostIdentified
from burnish.events.entities import Identification
from burnish.events.user import UserPreCreate
from burnish.hooks.outcome import Denied, Failed, Outcome, Passed
from burnish_server.hooks.ask import pretend
from burnish_server.identity import bot_protection, circumstances, even_answers, way_in, ways
from burnish_server.identity.adapter import require_identified
from burnish_server.identity.flows import filling, first_proof, signup
from burnish_server.identity.flows.sign_up_questions import Answers
from burnish_server.identity.login_id import Key
from burnish_server.identity.models import User
from burnish_server.identity.refused import as_error
from burnish_server.identity.sign_up_fields import PREFIX, Questions
from burnish_server.profiles import store as profiles

NO_OTHER_PROOF = _("Choose a password: a username alone cannot be sent a code.")


class LoginForm(allauth.LoginForm):
    """What somebody signs in with, and their password where there are such."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what may be typed."""
        super().__init__(*args, **kwargs)
        methods = settings.BURNISH.login.methods
        if len(methods) > 1:
            self.fields["login"].label = ways.label(methods)
            self.fields["login"].widget.attrs = {"autocomplete": "username"}
        self.fields["login"].initial = context.request.GET.get("login_hint", "")[:254]

    def clean(self) -> dict[str, Any]:
        """Let people pass, and programs where nobody minds."""
        bot_protection.require(context.request)
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class RequestLoginCodeForm(allauth.RequestLoginCodeForm):
    """An e-mail address or a phone number to which a code is sent."""

    _user: User | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the one the address of the page names, or the first there is."""
        super().__init__(*args, **kwargs)
        self.others = [name for name in ways.reachable() if name in self.fields]
        self.chosen = ways.meant(self, context.request, self.others)
        self.others.remove(self.chosen)
        self.fields[self.chosen].required = True
        for name in self.others:
            del self.fields[name]
        self.instead = [(name, ways.INSTEAD[name]) for name in self.others]

    def clean_email(self) -> str:
        """Put who somebody says they are before the hooks."""
        email = str(super().clean_email())
        return self._identified("email", email)

    def clean_phone(self) -> str:
        """Put who somebody says they are before the hooks."""
        phone = str(super().clean_phone())
        if self._user and not first_proof.may_open(self._user, phone=phone):
            self._user = None
        if not ratelimit.consume(context.request, action="verify_phone", key=phone):
            raise get_adapter().validation_error("too_many_login_attempts")
        return self._identified("phone", phone)

    def _identified(self, key: Key, text: str) -> str:
        bot_protection.require(context.request)
        even_answers.even(context.request)
        if text:
            require_identified(context.request, key, text)
        return text


class SignupForm(allauth.SignupForm):
    """What somebody will sign in with, and a password. For who has an account no hook is asked."""

    account_already_exists: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask what is asked at sign-up, too."""
        super().__init__(*args, **kwargs)
        self.way = ways.narrow(self, context.request)
        self.instead = ways.others(self.way)
        if (password := self.fields.get("password1")) and not password.required:
            password.label = _("Password (optional)")
        self.circumstances = circumstances.of(context.request, triggered_by="user")
        self.questions = Questions(self, self.circumstances)

    def account_fields(self) -> list[BoundField]:
        """Return the fields that are about how to sign in."""
        return [field for field in self.visible_fields() if not field.name.startswith(PREFIX)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self._needs_password() and not cleaned.get("password1"):
            self.add_error("password1", NO_OTHER_PROOF)
        answers = self.questions.answers(cleaned)
        if self.errors:
            return cleaned
        bot_protection.require(context.request)
        even_answers.even(context.request)
        self.schema = profiles.schema()
        if self.account_already_exists:
            self._pretend(cleaned, answers)
            return cleaned
        self.candidate = signup.candidate(
            *(self.data.get("email", ""), cleaned.get("password1") or None),
            phone_number=cleaned.get("phone") or "",
            username=cleaned.get("username") or "",
            answers=answers,
        )
        said = Identification(self.way[0], self.candidate.as_identities()[0])
        if refusal := way_in.identified(context.request, "signup", said, None):
            raise as_error(refusal)
        self.candidate = signup.enriched(self.candidate, self.circumstances, self.schema)
        self.passed = passed_or_error(signup.ask(self.candidate, self.circumstances, self.schema))
        return cleaned

    def _pretend(self, cleaned: dict[str, Any], answers: Answers) -> None:
        """Take as long as asking hooks and providers about somebody new does; ask nobody."""
        self.candidate = signup.stand_in(
            self.data.get("email", ""),
            cleaned.get("password1") or None,
            cleaned.get("phone") or "",
            cleaned.get("username") or "",
            answers,
        )
        pretend(AuthenticationPostIdentified.type)
        filling.pretend(signup.SIGN_UP, self.candidate.as_document(self.schema))
        pretend(UserPreCreate.type)

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the user; an address that has an account looks the same from outside."""
        if self.account_already_exists:
            signup.rehearse(self.candidate, self.circumstances, self.schema)
        else:
            try:
                user = signup.create(self.candidate, self.passed, self.circumstances, self.schema)
            except signup.EmailTaken:
                self.account_already_exists = True
            else:
                return user, None
        email, phone = self.cleaned_data.get("email"), self.cleaned_data.get("phone")
        return None, prevent_enumeration(request, email=email, phone=phone)

    def _needs_password(self) -> bool:
        return self.way == ("username",) and not self.by_passkey


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
