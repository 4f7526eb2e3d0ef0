"""The forms in which people name their keys; allauth's own leave the label to the field's name."""

from typing import Any

from allauth.mfa.webauthn import forms
from django.utils.translation import gettext_lazy as _


class _Named:
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")


class AddKeyForm(_Named, forms.AddWebAuthnForm):
    """Adds a key to an account."""


class SignupKeyForm(_Named, forms.SignupWebAuthnForm):
    """Makes the passkey a new account begins with."""


class RenameKeyForm(_Named, forms.EditWebAuthnForm):
    """Gives a key another name."""
