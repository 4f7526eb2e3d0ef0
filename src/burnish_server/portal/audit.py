"""Advanced > Audit log."""

import json
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from burnish_server.audit.models import Entry
from burnish_server.portal.pages import ReadOnlyPage, moment
from burnish_server.portal.site import site


@admin.register(Entry, site=site)
class AuditPage(ReadOnlyPage):
    """What administrators did, by whichever door."""

    list_display = ("shown_at", "actor", "door", "action", "subject_kind", "subject")
    list_filter = ("door", "action", "subject_kind")
    search_fields = ("subject", "actor")
    search_help_text = "Search by who, or by what it was done to"

    @admin.display(description="Time", ordering="at")
    def shown_at(self, entry: Entry) -> str:
        return moment(entry.at)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one entry, with what was before and what after."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        entry = self.get_object(request, object_id)
        if entry is None:
            raise Http404("There is no such entry.")
        context = {
            **self.admin_site.each_context(request),
            "title": str(entry),
            "opts": self.opts,
            "entry": entry,
            "at": moment(entry.at),
            "differences": differences(entry.detail),
            "more": {
                name: _text(value)
                for name, value in entry.detail.items()
                if name not in ("before", "after")
            },
        }
        return render(request, "portal/audit_entry.html", context)


def differences(detail: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what changed: a name, and the text before and after; a dash for none."""
    before, after = (_named(detail.get(side)) for side in ("before", "after"))
    return [
        (name, _text(before.get(name)), _text(after.get(name)))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]


def _named(side: Any) -> dict[str, Any]:
    if side is None:
        return {}
    return side if isinstance(side, dict) else {"order": side}


def _text(value: Any) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
