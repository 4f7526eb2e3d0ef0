"""How a user comes in: identities, authenticators and sessions, and changing them."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from burnish.events.entities import Identity
from burnish_server.audit import log
from burnish_server.identity import authenticators, circumstances, entities, user_sessions
from burnish_server.identity.flows import login_ids
from burnish_server.identity.login_id import Key, name
from burnish_server.identity.models import USERNAME_LENGTH, User
from burnish_server.identity.phone_field import PhoneField
from burnish_server.identity.usernames import VALIDATORS
from burnish_server.portal.pages import actor, moment

_MEANS = {
    "password": "Password",
    "oob_otp_email": "Code by e-mail",
    "oob_otp_sms": "Code by text message",
    "passkey": "Passkey or security key",
    "totp": "Authenticator app",
    "recovery_code": "Recovery codes",
}
_KINDS = {
    "email": "E-mail address",
    "phone_number": "Phone number",
    "preferred_username": "Username",
}
TAKEN = "Somebody else signs in with this; it can belong to one account only."
LAST = "This is their only way to say who they are; add another one first."


class LoginIdsForm(forms.Form):
    """The phone number and the username of a user; an empty field takes one away."""

    phone = PhoneField(required=False, help_text="With its country code, such as +46701740605.")
    phone_verified = forms.BooleanField(label="The number was shown to be theirs", required=False)
    username = forms.CharField(required=False, max_length=USERNAME_LENGTH, validators=VALIDATORS)

    def __init__(self, data: Any, user: User) -> None:
        """Begin with what they have."""
        initial = {
            "phone": user.phone_number or "",
            "phone_verified": user.phone_number_verified,
            "username": user.username or "",
        }
        super().__init__(data, initial=initial)
        self._user = user

    def save(self, request: HttpRequest) -> bool:
        """Change what was changed, and say whether all of it could be; errors are in the form."""
        cleaned, user = self.cleaned_data, self._user
        around = circumstances.of(request, triggered_by="portal")
        wanted: dict[Key, str] = {"phone": cleaned["phone"], "username": name(cleaned["username"])}
        for key, value in wanted.items():
            try:
                if not value:
                    login_ids.remove(user, key, around)
                elif key == "phone":
                    verified = cleaned["phone_verified"]
                    login_ids.set_phone_number(user, value, around, verified=verified)
                else:
                    login_ids.set_username(user, value, around)
            except login_ids.Taken:
                self.add_error(key, ValidationError(TAKEN))
            except login_ids.LastWayIn:
                self.add_error(key, ValidationError(LAST))
        if not self.errors and self.changed_data:
            detail = {"changed": sorted(self.changed_data)}
            log.record(actor(request), "changed", "identities", user.pk, user, detail)
        return not self.errors


def sign_out(request: HttpRequest, user: User, which: str) -> int:
    """Sign a user out of one session, or of all (`others`); return of how many."""
    every = which == "others"
    count = user_sessions.end_all(user) if every else user_sessions.end(user, which)
    if count:
        detail = {"sessions": count}
        log.record(actor(request), "user.session.terminated", "user", user.pk, user, detail)
    return count


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: what it is, which one, and since when."""

    what: str
    which: str
    since: str


def identities(user: User) -> list[Line]:
    """Return with what a user says who they are."""
    return [
        Line(*_of(identity), moment(identity.created_at)) for identity in entities.identities(user)
    ]


def means(user: User) -> list[Line]:
    """Return with what a user proves it."""
    return [
        Line(_MEANS[one.type], one.kind.capitalize(), moment(one.created_at))
        for one in authenticators.of(user)
    ]


def _of(identity: Identity) -> tuple[str, str]:
    for claim, kind in _KINDS.items():
        if claim in identity.claims and identity.type == "login_id":
            return kind, str(identity.claims[claim])
    if identity.type == "passkey":
        return "Passkey", ""
    provider = next((v for k, v in identity.claims.items() if k.endswith("provider/alias")), "")
    return "Social account", str(provider)
