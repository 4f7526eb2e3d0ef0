"""Enrichment > Time budget."""

from django.contrib import admin

from burnish_server.enrichment.models import TimeBudget
from burnish_server.portal.pages import OneRowPage
from burnish_server.portal.site import site


@admin.register(TimeBudget, site=site)
class TimeBudgetPage(OneRowPage):
    """How long people wait for providers: one form, no list."""

    title = "Time budget"
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
