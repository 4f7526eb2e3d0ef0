"""User management > Users > Add user: the form, and the way through the hooks."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminPasswordWidget

from burnish.hooks.outcome import Denied, Failed, Passed
from burnish_server.identity import circumstances
from burnish_server.identity.flows import signup
from burnish_server.identity.models import User
from burnish_server.portal.in_the_way import in_the_way
from burnish_server.profiles import store as profiles

TAKEN = "There is a user with this e-mail already."


class AddUserForm(forms.Form):
    """Who the new user is. Administrators may know that an address is taken; visitors may not."""

    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        widget=UnfoldAdminEmailInputWidget(attrs={"autocomplete": "off"}),
    )
    # Shown again after a refusal: were it lost, the next try would make a user without a password.
    password = forms.CharField(
        label="Password",
        required=False,
        strip=False,
        max_length=1000,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}, render_value=True),
        help_text="Leave it empty, and they set one with “Forgot your password?”.",
    )

    def clean_email(self) -> str:
        """Refuse an address that has an account."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(TAKEN, code="taken")
        return str(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        """Hold the password to the rules everybody's is held to."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=cleaned.get("email")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


def sign_up(request: HttpRequest, form: AddUserForm) -> User | None:
    """Put the candidate before the hooks and make the user; else say in the form why not."""
    around = circumstances.of(request, triggered_by="portal")
    schema = profiles.schema()
    password = form.cleaned_data["password"] or None
    candidate = signup.candidate(form.cleaned_data["email"], password)
    candidate = signup.enriched(candidate, around, schema)
    outcome = signup.ask(candidate, around, schema)
    match outcome:
        case Passed():
            try:
                return signup.create(candidate, outcome, around, schema)
            except signup.EmailTaken:
                form.add_error("email", TAKEN)
        case Denied() | Failed():
            form.add_error(None, in_the_way(outcome, "Nobody was added"))
    return None
