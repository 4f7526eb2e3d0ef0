"""Enrichment > Providers: the list, the catalogue, the form, and what is done to one."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from burnish.enrichment.provider import Provider as Kind
from burnish.enrichment.providers import kinds
from burnish_server.audit.log import record
from burnish_server.enrichment import apply, gauges, statistics, store
from burnish_server.enrichment.models import Provider
from burnish_server.portal import enrichment_try
from burnish_server.portal.enrichment_charts import percent
from burnish_server.portal.enrichment_form import ProviderForm
from burnish_server.portal.enrichment_kind import catalogue, shown_kind
from burnish_server.portal.enrichment_state import states
from burnish_server.portal.pages import Page, actor, duration, moment
from burnish_server.portal.site import site
from burnish_server.profiles import store as profiles

LIST = "portal:enrichment_provider_changelist"
ONE = "portal:enrichment_provider_change"


@admin.register(Provider, site=site)
class ProviderPage(Page):
    """Who is asked about people."""

    def get_urls(self) -> list[URLPattern]:
        """Add what is done to a provider beside editing it."""
        wrap = self.admin_site.admin_view
        views = {
            "try": self.try_view,
            "switch": require_POST(self.switch_view),
            "lift": require_POST(self.lift_view),
        }
        ours = [
            path(f"<slug:name>/{what}/", wrap(view), name=f"enrichment_provider_{what}")
            for what, view in views.items()
        ]
        return [*ours, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List the providers: how they stand, what they cost, and how they do."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        about = {"rows": _rows(), "listing": True}
        return site.show(request, "portal/enrichment_providers.html", "Providers", about)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Let a kind be chosen, then show the form of its settings."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        kind = kinds().get(request.GET.get("kind", ""))
        if kind is None:
            about: dict[str, Any] = {"groups": list(catalogue())}
            return site.show(request, "portal/enrichment_kinds.html", "Add provider", about)
        row = Provider(name=_free(kind.key), kind=kind.key, position=Provider.objects.count())
        return self._edit(request, row, kind, f"Add {kind.title or kind.key}")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form of a provider."""
        row = self._one(request, object_id)
        kind = kinds().get(row.kind)
        if kind is None:
            about = {"row": row, "state": states()[row.name]}
            return site.show(request, "portal/enrichment_provider.html", row.name, about)
        return self._edit(request, row, kind, row.name)

    def _edit(
        self, request: HttpRequest, row: Provider, kind: type[Kind], title: str
    ) -> HttpResponse:
        added = row._state.adding
        form = ProviderForm(request.POST if request.method == "POST" else None, kind, row)
        if form.is_valid():
            row.name = form.cleaned_data["name"]
            with transaction.atomic():
                apply.put(row, form.entry, actor(request))
            messages.success(request, f"{row} was {'added' if added else 'saved'}.")
            return redirect(ONE, row.name)
        about = {
            "form": form,
            "row": None if added else row,
            "kind": shown_kind(kind),
            "state": None if added else states()[row.name],
            "failed": form.is_bound,
        }
        return site.show(request, "portal/enrichment_provider.html", title, about)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say what uses a provider, and remove it once that is confirmed."""
        row = self._one(request, object_id)
        if not self.has_delete_permission(request, row):
            raise PermissionDenied
        schema = profiles.schema()
        if request.method == "POST":
            name = row.name
            with transaction.atomic():
                apply.remove(row, schema, actor(request))
            messages.success(request, f"{name} was removed.")
            return redirect(LIST)
        steps = store.steps(schema).items()
        used = [attribute for attribute, way in steps if row.name in {one.provider for one in way}]
        about = {"row": row, "used": used, "trail_back": reverse(ONE, args=[row.name])}
        title = f"Remove {row}"
        return site.show(request, "portal/enrichment_remove.html", title, about)

    def try_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Ask a provider for real; nothing is written to any profile."""
        return enrichment_try.page(request, self._one(request, name))

    def switch_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Have a provider asked, or no longer."""
        row = self._one(request, name)
        enabled = not row.settings.get("enabled", True)
        entry = {key: value for key, value in row.settings.items() if key != "enabled"}
        if kinds().get(row.kind):
            entry |= {"kind": row.kind} | ({} if enabled else {"enabled": False})
            with transaction.atomic():
                apply.put(row, entry, actor(request))
            messages.success(request, f"{row} is {'enabled' if enabled else 'disabled'}.")
        return redirect(ONE, row.name)

    def lift_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Have a provider that is left alone asked again at once."""
        row = self._one(request, name)
        with transaction.atomic():
            gauges.lift(row.name)
            record(actor(request), "lifted the block of", "provider", row.name, row.name)
        messages.success(request, f"{row} is asked again from now on.")
        return redirect(ONE, row.name)

    def _one(self, request: HttpRequest, name: str) -> Provider:
        if not self.has_change_permission(request):
            raise PermissionDenied
        if "\0" in name:
            raise Http404
        return get_object_or_404(Provider, pk=name)


def _free(key: str) -> str:
    """Return a name for another provider of a kind."""
    taken = set(Provider.objects.values_list("name", flat=True))
    names = [key[:40], *(f"{key[:36]}_{number}" for number in range(2, len(taken) + 2))]
    return next((name for name in names if name not in taken), "")


def _rows() -> list[dict[str, Any]]:
    now, known = timezone.now(), states()
    figures = statistics.by_provider(statistics.DAY, now)
    errors = statistics.last_errors(known, now)
    rows = []
    for row in Provider.objects.all():
        state, kind = known[row.name], kinds().get(row.kind)
        about = figures.get(row.name, statistics.Figures())
        error = errors.get(row.name)
        rows.append(
            {
                "row": row,
                "kind": (kind.title or row.kind) if kind else row.kind,
                "state": state,
                "price": enrichment_try.price_of(state.made) if state.made else "-",
                "hit_rate": percent(about.hit_rate),
                "asked": about.asked,
                "times": None
                if about.p50 is None or about.p95 is None
                else (duration(about.p50), duration(about.p95)),
                "error": error,
                "error_word": error.reason.replace("_", " ") if error else "",
                "error_at": moment(error.at) if error else "",
            }
        )
    return rows
