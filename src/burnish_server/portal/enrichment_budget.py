"""Enrichment > Time budget."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from burnish_server.enrichment.models import TimeBudget
from burnish_server.portal.pages import Page
from burnish_server.portal.site import site


@admin.register(TimeBudget, site=site)
class TimeBudgetPage(Page):
    """How long people wait for providers: one form, no list."""

    fieldsets = (
        (
            None,
            {
                "fields": ("sign_up_ms", "login_ms"),
                "description": (
                    "What has not answered by then is waited for in the background, and written "
                    "when it comes. Nobody waits at 0."
                ),
            },
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: TimeBudget | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Go straight to the form."""
        return redirect("portal:enrichment_timebudget_change", 1)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> TimeBudget | None:
        """Return the budget in force, stored or not."""
        return TimeBudget.current() if object_id == "1" else None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Call the page by its name."""
        titles = {"title": "Time budget", "subtitle": None}
        return super().changeform_view(
            request, object_id, form_url, {**titles, **(extra_context or {})}
        )
