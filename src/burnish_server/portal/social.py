"""User management > Social sign-in: which services people may sign in with."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from burnish_server.audit.log import record
from burnish_server.portal.pages import Page, actor
from burnish_server.portal.site import site
from burnish_server.portal.social_form import SocialForm
from burnish_server.social import store
from burnish_server.social.kinds import KINDS, OIDC, Kind
from burnish_server.social.models import SocialProvider

LIST = "portal:social_socialprovider_changelist"
ONE = "portal:social_socialprovider_change"
ADD = "portal:social_socialprovider_add"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: a provider that is set up, or one that may be."""

    title: str
    kind: str
    state: str
    colour: str
    address: str = ""
    act: str = ""


@admin.register(SocialProvider, site=site)
class SocialProviderPage(Page):
    """The services, in an order of their own; those of the settings are only shown."""

    def get_urls(self) -> list[URLPattern]:
        """Add the switch."""
        view = self.admin_site.admin_view(require_POST(self.switch_view))
        name = "social_socialprovider_switch"
        return [path("<slug:alias>/switch/", view, name=name), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List what there is, and what there may be."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        about = {"rows": list(_rows())}
        return site.show(request, "portal/social_providers.html", "Social sign-in", about)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the form of a kind."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        kind = KINDS.get(request.GET.get("kind", ""))
        if kind is None:
            return redirect(LIST)
        if not kind.has_own_alias:
            kept = SocialProvider.objects.filter(pk=kind.key).first()
            if kept:
                return redirect(ONE, kept.pk)
        row = SocialProvider(alias="" if kind.has_own_alias else kind.key, kind=kind.key)
        return self._edit(request, row, kind)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form of a provider."""
        row = get_object_or_404(SocialProvider, pk=object_id)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        if row.kind not in KINDS:
            raise Http404("This kind of provider is not known here.")
        return self._edit(request, row, row.described)

    def switch_view(self, request: HttpRequest, alias: str) -> HttpResponse:
        """Let people sign in with a provider, or no longer."""
        row = get_object_or_404(SocialProvider, pk=alias)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        row.enabled = not row.enabled
        with transaction.atomic():
            row.save(update_fields=["enabled", "updated_at"])
            act = "enabled" if row.enabled else "disabled"
            record(actor(request), act, "social provider", row.pk, row)
        messages.success(request, f"{row} is {'on' if row.enabled else 'off'}.")
        return redirect(LIST)

    def _edit(self, request: HttpRequest, row: SocialProvider, kind: Kind) -> HttpResponse:
        form = SocialForm(request.POST if request.method == "POST" else None, kind, row)
        if form.is_valid():
            row = form.fill()
            with transaction.atomic():
                row.save(force_insert=form.added)
                act = "added" if form.added else "changed"
                record(actor(request), act, "social provider", row.pk, row, _changed(form))
            messages.success(request, f"{row} was {'added' if form.added else 'saved'}.")
            return redirect(ONE, row.pk)
        about = {
            "form": form,
            "kind": kind,
            "row": None if form.added else row,
            "callback": callback(request, kind, row.alias),
            "failed": form.is_bound,
        }
        title = f"Add {kind.title}" if form.added else row.name
        return site.show(request, "portal/social_provider.html", title, about)


def callback(request: HttpRequest, kind: Kind, alias: str) -> str:
    """Return the address to give the provider; empty as long as there is no short name."""
    if not alias:
        return ""
    if kind.provider == OIDC:
        where = reverse("openid_connect_callback", args=[alias])
    else:
        where = reverse(f"{kind.provider}_callback")
    origin = settings.BURNISH.web.origin
    return f"{origin}{where}" if origin else request.build_absolute_uri(where)


def _changed(form: SocialForm) -> dict[str, Any]:
    return {} if form.added else {"fields": sorted(form.changed_data)}


def _rows() -> Iterator[Row]:
    fixed = {one.alias: one for one in store.of_settings()}
    kept = {row.alias: row for row in SocialProvider.objects.all()}
    for alias, one in fixed.items():
        yield Row(one.name, alias, "On, by the settings", "allowed")
    for kind in KINDS.values():
        mine = [row for row in kept.values() if row.kind == kind.key and row.alias not in fixed]
        for row in mine:
            yield _row(row, kind)
        if kind.has_own_alias or (not mine and kind.key not in fixed):
            title = f"Another by {kind.title}" if kind.has_own_alias and mine else kind.title
            yield Row(
                title, kind.key, "Not set up", "", f"{reverse(ADD)}?kind={kind.key}", "Set up"
            )


def _row(row: SocialProvider, kind: Kind) -> Row:
    state, colour = ("On", "allowed") if row.enabled else ("Off", "")
    return Row(row.name, row.alias, state, colour, reverse(ONE, args=[row.pk]), "Edit")
