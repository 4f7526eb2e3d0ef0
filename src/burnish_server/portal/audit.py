"""Advanced > Audit log."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path

from burnish_server.audit.export import MEDIA_TYPES, Kind, lines
from burnish_server.audit.models import Entry
from burnish_server.audit.search import one_by_one
from burnish_server.portal.pages import ReadOnlyPage, moment
from burnish_server.portal.site import site


@admin.register(Entry, site=site)
class AuditPage(ReadOnlyPage):
    """What administrators, API keys and hooks did, by whichever door."""

    change_list_template = "portal/audit.html"
    list_display = ("shown_at", "actor", "door", "action", "subject_kind", "subject")
    list_filter = ("door", ("at", admin.DateFieldListFilter), "action", "subject_kind")
    search_fields = ("subject", "subject_id", "actor")
    search_help_text = "Search by who, or by what it was done to"

    def get_urls(self) -> list[URLPattern]:
        """Add the export."""
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/<str:kind>/", view, name="audit_entry_export"), *super().get_urls()]

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """Send the entries the list's filters leave, as lines of JSON or as a table."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if kind not in MEDIA_TYPES:
            raise Http404("There is no such export.")
        chosen: Kind = "csv" if kind == "csv" else "ndjson"
        try:
            found = self.get_changelist_instance(request).get_queryset(request).order_by("-id")
        except IncorrectLookupParameters:
            raise BadRequest("There is no such filter; choose one on the page.") from None
        return StreamingHttpResponse(
            lines(one_by_one(found), chosen),
            content_type=MEDIA_TYPES[chosen],
            headers={"Content-Disposition": f'attachment; filename="audit.{chosen}"'},
        )

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
