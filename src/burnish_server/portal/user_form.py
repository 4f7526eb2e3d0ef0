"""What an administrator may change of an account at its page."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldBooleanSwitchWidget

from burnish_server.identity.models import User

BEGINS_ANEW = (
    "is an administrator now, and was signed out everywhere. Only this e-mail address is left to "
    "sign in with: they set a new password by “Forgot your password?”."
)
NEEDS_ADDRESS = "An administrator needs an e-mail address, by which they set a new password."


class UserForm(forms.ModelForm):
    """What an administrator may change of an account."""

    editor: User

    is_active = forms.BooleanField(
        label="Active",
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text="People whose account is not active cannot sign in.",
    )
    administrator = forms.BooleanField(
        label="Administrator",
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text="Administrators may use this portal, all of it. Who becomes one is signed out, "
        "and sets a new password.",
    )

    class Meta:
        model = User
        fields = ("is_active",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["administrator"] = self.instance.is_staff
        self.fields["administrator"].disabled = not self.editor.is_superuser

    def clean(self) -> dict[str, Any]:
        """Keep administrators from locking themselves out."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk == self.editor.pk:
            for name, value in (("is_active", "active"), ("administrator", "an administrator")):
                if not cleaned.get(name):
                    self.add_error(name, f"You must stay {value}, or you lock yourself out.")
        if cleaned.get("administrator") and not self.instance.email:
            self.add_error("administrator", NEEDS_ADDRESS)
        elif self.editor.is_superuser and "administrator" in cleaned:
            self.instance.is_staff = self.instance.is_superuser = cleaned["administrator"]
        return cleaned
