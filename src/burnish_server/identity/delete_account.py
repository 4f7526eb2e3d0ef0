"""A person deletes their own account: asked once more, and with their password if they have one."""

from typing import Any, cast

from django import forms
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from burnish.hooks.outcome import Passed
from burnish_server.identity import circumstances, password_tries
from burnish_server.identity.flows import deletion
from burnish_server.identity.models import User
from burnish_server.identity.refused import as_error


class DeleteForm(forms.Form):
    """The person's password, and why they go, if they want to say."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    reason = forms.CharField(label=_("Why, if you want to say"), max_length=300, required=False)

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        self._request, user = request, cast(User, request.user)
        self._user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        """Let nobody else delete the account."""
        password = str(self.cleaned_data["password"])
        if not password_tries.is_right(self._request, self._user, password):
            raise forms.ValidationError(_("This is not your password."))
        return password


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_account(request: HttpRequest) -> HttpResponse:
    """Schedule a person's own account for deletion, and sign them out."""
    user = cast(User, request.user)
    form = DeleteForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        around = circumstances.of(request, triggered_by="user")
        outcome = deletion.schedule(user, around, reason=form.cleaned_data["reason"])
        if isinstance(outcome, Passed):
            logout(request)
            return render(request, "identity/account_deleted.html", {"at": user.delete_at})
        form.add_error(None, as_error(outcome))
    context = {"form": form, "days": deletion.grace().days}
    return render(request, "identity/delete_account.html", context)
