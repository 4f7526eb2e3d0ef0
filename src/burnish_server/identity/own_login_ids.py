"""Pages on which somebody changes their username, or takes it or their phone number away."""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from burnish_server.identity import circumstances
from burnish_server.identity.flows import login_ids
from burnish_server.identity.login_id import FIELDS, Key, name
from burnish_server.identity.models import USERNAME_LENGTH, User

LAST = gettext_lazy("You need one way to sign in: add an email address first.")


class UsernameForm(forms.Form):
    """A name somebody wants to sign in with."""

    username = forms.CharField(
        label=gettext_lazy("Username"),
        min_length=3,
        max_length=USERNAME_LENGTH,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )

    def __init__(self, user: User, data: Any = None) -> None:
        """Begin with the name they have."""
        super().__init__(data, initial={"username": user.username})
        self._user = user

    def clean_username(self) -> str:
        """Return the name as it is kept. One that is taken is said to be: names are public."""
        wanted = name(self.cleaned_data["username"])
        if wanted != self._user.username:
            get_adapter().clean_username(wanted)
        return wanted


@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_username(request: HttpRequest) -> HttpResponse:
    """Let somebody choose a username."""
    user = cast(User, request.user)
    form = UsernameForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        around = circumstances.of(request, triggered_by="user")
        try:
            login_ids.set_username(user, form.cleaned_data["username"], around)
        except login_ids.Taken:
            form.add_error("username", get_adapter().validation_error("username_taken"))
        else:
            messages.success(request, _("Your username is saved."))
            return redirect("change_username")
    return render(request, "identity/change_username.html", {"form": form})


def remove_username(request: HttpRequest) -> HttpResponse:
    """Take somebody's username away."""
    return _remove(request, "username")


def remove_phone(request: HttpRequest) -> HttpResponse:
    """Take somebody's phone number away."""
    return _remove(request, "phone")


@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def _remove(request: HttpRequest, key: Key) -> HttpResponse:
    user = cast(User, request.user)
    value = getattr(user, FIELDS[key])
    if not value:
        return redirect("settings")
    refusal = None
    if request.method == "POST":
        try:
            login_ids.remove(user, key, circumstances.of(request, triggered_by="user"))
        except login_ids.LastWayIn:
            refusal = LAST
        else:
            messages.success(request, _("Removed."))
            return redirect("settings")
    questions = {"phone": _("Remove your phone number?"), "username": _("Remove your username?")}
    context = {"question": questions[key], "value": value, "refusal": refusal}
    return render(request, "identity/remove_login_id.html", context)
