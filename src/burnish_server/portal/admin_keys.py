"""Advanced > Admin keys: with what programs sign their tokens for the GraphQL Admin API."""

import base64
import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from burnish_server.admin_keys import store
from burnish_server.admin_keys.models import AdminKey
from burnish_server.portal.keys import KeysPage
from burnish_server.portal.pages import actor
from burnish_server.portal.site import site


def _text(label: str, help_text: str, longest: int, initial: str = "") -> forms.CharField:
    quiet = {"autocomplete": "off", "spellcheck": "false"}
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=longest,
        initial=initial,
        widget=UnfoldAdminTextInputWidget(attrs=quiet),
    )


class AdminKeyForm(forms.Form):
    """A key pair to make."""

    name = _text("Name", "What it is for, such as sync.", 80)
    audience = _text("Audience", "What its tokens name as aud.", 200, store.AUDIENCE)


class TakeOverForm(AdminKeyForm):
    """Keys programs have already."""

    keys = forms.CharField(
        label="JSON Web Key set",
        help_text='{"keys": [{"kty": "RSA", "kid": "...", ...}]}, such as Authgear\'s '
        "admin-api.auth. Of private keys only the public half is kept.",
        max_length=100_000,
        widget=UnfoldAdminTextareaWidget(
            attrs={"rows": 10, "spellcheck": "false", "class": "portal-script"}
        ),
    )

    def clean_keys(self) -> Any:
        """Read it."""
        try:
            return json.loads(self.cleaned_data["keys"])
        except (ValueError, RecursionError):
            raise ValidationError("This is no JSON; paste the whole set.") from None


@admin.register(AdminKey, site=site)
class AdminKeyPage(KeysPage):
    """The public halves, by name."""

    title = "Admin keys"
    list_template = "portal/admin_keys.html"
    revoke = store.revoke

    def get_urls(self) -> list[URLPattern]:
        """Add the way by which keys are taken over."""
        view = self.admin_site.admin_view(self.take_over_view)
        name = "admin_keys_adminkey_import"
        return [path("import/", view, name=name), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Make a key pair, and show the private half this once."""
        form = AdminKeyForm(request.POST if request.method == "POST" else None)
        if self._may_add(request) and form.is_valid():
            wanted = form.cleaned_data
            try:
                key, pem = store.create(wanted["name"], actor(request), wanted["audience"])
            except store.UnfitKey as error:
                form.add_error(None, str(error))
            else:
                about = {"key": key, "pem": pem, "file": base64.b64encode(pem.encode()).decode()}
                return site.show(request, "portal/admin_key_made.html", key.name, about)
        return self._form(request, "Add an admin key", form, "Make a key pair")

    def take_over_view(self, request: HttpRequest) -> HttpResponse:
        """Take over the keys existing programs sign with."""
        form = TakeOverForm(request.POST if request.method == "POST" else None)
        if self._may_add(request) and form.is_valid():
            wanted = form.cleaned_data
            try:
                taken = store.take_over(
                    wanted["name"], wanted["keys"], actor(request), wanted["audience"]
                )
            except store.UnfitKey as error:
                form.add_error("keys", str(error))
            else:
                named = ", ".join(key.key_id for key in taken)
                messages.success(request, f"Tokens signed with {named} are taken from now on.")
                return redirect(self.address("changelist"))
        return self._form(request, "Import admin keys", form, "Import")

    def _may_add(self, request: HttpRequest) -> bool:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return True

    def _form(self, request: HttpRequest, title: str, form: AdminKeyForm, act: str) -> HttpResponse:
        about = {"form": form, "act": act, "back": reverse(self.address("changelist"))}
        return site.show(request, "portal/admin_key.html", title, about)
