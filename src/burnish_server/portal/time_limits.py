"""Advanced > Time limits."""

from django.contrib import admin

from burnish_server.hooks.models import TimeLimits
from burnish_server.portal.pages import OneRowPage
from burnish_server.portal.site import site


@admin.register(TimeLimits, site=site)
class TimeLimitsPage(OneRowPage):
    """How long hooks may take: one form, no list."""

    title = "Time limits"
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
