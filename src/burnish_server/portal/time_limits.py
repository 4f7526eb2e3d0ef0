"""Advanced > Time limits."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from burnish_server.hooks.models import TimeLimits
from burnish_server.portal.pages import Page
from burnish_server.portal.site import site


@admin.register(TimeLimits, site=site)
class TimeLimitsPage(Page):
    """How long hooks may take: one form, no list."""

    fieldsets = (
        (
            None,
            {
                "fields": ("hook_seconds", "event_seconds", "deferred_seconds"),
                "description": (
                    "A hook that takes longer counts as failed, and its own choice decides "
                    "whether the operation goes on."
                ),
            },
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: TimeLimits | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Go straight to the form."""
        return redirect("portal:hooks_timelimits_change", 1)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> TimeLimits | None:
        """Return the limits in force, stored or not."""
        return TimeLimits.current() if object_id == "1" else None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Call the page by its name."""
        titles = {"title": "Time limits", "subtitle": None}
        return super().changeform_view(
            request, object_id, form_url, {**titles, **(extra_context or {})}
        )
