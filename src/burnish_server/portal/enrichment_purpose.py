"""Enrichment > Purposes: what data is used for, and on which ground."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse

from burnish.consent.purpose import PERSONALIZATION
from burnish_server.consent.models import Purpose
from burnish_server.enrichment.models import Provider
from burnish_server.portal.pages import Page
from burnish_server.portal.site import site


@admin.register(Purpose, site=site)
class PurposePage(Page):
    """Purposes by name; providers serve them."""

    list_display = ("name", "title", "shown_basis", "shown_users")
    list_before_template = "portal/enrichment_purposes.html"
    fields = ("name", "title", "basis")
    sortable_by = ()

    @admin.display(description="Ground")
    def shown_basis(self, purpose: Purpose) -> str:
        return str(purpose.get_basis_display())

    @admin.display(description="Providers that serve it")
    def shown_users(self, purpose: Purpose) -> str:
        return ", ".join(_users(purpose.name)) or "none"

    def get_readonly_fields(self, request: HttpRequest, obj: Purpose | None = None) -> tuple:
        """Keep the name, by which grants are kept."""
        return ("name",) if obj else ()

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say who serves it, and on which ground they would from then on."""
        purpose = self.get_object(request, object_id)
        users = _users(purpose.name) if purpose else []
        if purpose and users and request.method != "POST":
            rest = "legitimate interest" if purpose.name == PERSONALIZATION else "consent"
            messages.warning(
                request, f"It is served by: {', '.join(users)}. They would need {rest} then."
            )
        return super().delete_view(request, object_id, extra_context)


def _users(purpose: str) -> list[str]:
    return [
        row.name
        for row in Provider.objects.all()
        if purpose in row.settings.get("purposes", (PERSONALIZATION,))
    ]
