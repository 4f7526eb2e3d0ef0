"""What an administrator may change of an account at its page."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldBooleanSwitchWidget

from burnish_server.identity.models import User


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
        help_text="Administrators may use this portal, all of it.",
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
        if self.editor.is_superuser and "administrator" in cleaned:
            self.instance.is_staff = self.instance.is_superuser = cleaned["administrator"]
        return cleaned
