"""Advanced > API keys: what programs come in with at the Admin API, each shown once."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from burnish_server.api_keys import store
from burnish_server.api_keys.models import ApiKey
from burnish_server.api_keys.scope import SCOPES
from burnish_server.portal.keys import KeysPage
from burnish_server.portal.pages import actor
from burnish_server.portal.site import site


class Day(UnfoldAdminTextInputWidget):
    """A day, chosen as the browser lets people choose one."""

    input_type = "date"


class ApiKeyForm(forms.Form):
    """A key to make."""

    name = forms.CharField(
        max_length=80,
        help_text="What it is for, such as crm-sync.",
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    expires_on = forms.DateField(
        required=False,
        label="Last day",
        help_text="It is good until that day is over in UTC; if empty, until it is revoked.",
        widget=Day(),
    )
    scopes = forms.MultipleChoiceField(
        choices=list(SCOPES.items()),
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        error_messages={"required": "Say what the key may do."},
    )

    def rooms(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield the checkboxes by the room their scopes open."""
        for room, boxes in groupby(self["scopes"], lambda box: _room(box.data["value"])):
            yield room, list(boxes)

    def expires_at(self) -> datetime | None:
        """Return the end of the last day; None where none is named."""
        day = self.cleaned_data["expires_on"]
        return datetime.combine(day, time(23, 59, 59), UTC) if day else None


@admin.register(ApiKey, site=site)
class ApiKeyPage(KeysPage):
    """The keys, by name."""

    title = "API keys"
    list_template = "portal/api_keys.html"
    revoke = store.revoke

    def split(self) -> tuple[list[Any], list[Any]]:
        """Count a key that has expired with those that are no good any more."""
        now = timezone.now()
        good, ended = super().split()
        return (
            [key for key in good if key.is_good(now)],
            [key for key in good if not key.is_good(now)] + ended,
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Make a key, and show it this once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ApiKeyForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            wanted = form.cleaned_data
            try:
                key, text = store.create(
                    wanted["name"], wanted["scopes"], actor(request), form.expires_at()
                )
            except store.UnfitKey as error:
                form.add_error(None, str(error))
            else:
                about = {"key": key, "text": text}
                return site.show(request, "portal/api_key_made.html", key.name, about)
        return site.show(request, "portal/api_key.html", "Add an API key", {"form": form})


def _room(scope: str) -> str:
    return scope.partition(":")[0].capitalize()
