"""Advanced > Hooks: the list, the form, and the ways to a hook's other pages."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from burnish.events.catalogue import ALL
from burnish.hooks.types import declarations
from burnish_server.hooks import signing, statistics, versions
from burnish_server.hooks.checking import MAX_BYTES, Checked, examine, tidy
from burnish_server.hooks.models import Hook, Run
from burnish_server.portal import hook_try, hook_versions, unseen
from burnish_server.portal.hook_form import HookForm
from burnish_server.portal.hook_log import outcome_label
from burnish_server.portal.pages import Page, duration, moment
from burnish_server.portal.script import STARTER
from burnish_server.portal.site import site
from burnish_server.portal.sparkline import sparkline


@admin.register(Hook, site=site)
class HookPage(Page):
    """Scripts, webhooks and plugins: asked before something happens, or told after."""

    form = HookForm
    change_form_template = "portal/hook.html"
    change_list_template = "portal/hooks.html"
    list_display = (
        "name",
        "shown_kind",
        "shown_events",
        "shown_enabled",
        "last_run",
        "shown_times",
        "shown_calls",
        "shown_order",
    )
    search_fields = ("name",)
    search_help_text = "Search by name"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "event",
                    "told_of",
                    "kind",
                    "script",
                    "url",
                    "on_error",
                    "enabled",
                ),
                "description": (
                    "Before something happens, Burnish asks the hook and waits for its answer: it "
                    "may refuse the operation or change the user. After it happened the hook is "
                    "told, and nobody waits."
                ),
            },
        ),
        ("More", {"fields": ("may_use", "timeout_ms", "only_clients", "isolation")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hook]:
        """Bring each hook's last run along."""
        last = Run.objects.filter(hook=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                run_outcome=Subquery(last.values("outcome")[:1]),
                run_at=Subquery(last.values("started_at")[:1]),
            )
        )

    def get_urls(self) -> list[URLPattern]:
        """Add the pages on which a hook is tried, moved, and had back as it was."""
        wrap = self.admin_site.admin_view
        return [
            path("burnish.d.ts", wrap(self.types_view), name="hooks_hook_types"),
            path("<int:pk>/try/", wrap(self.try_view), name="hooks_hook_try"),
            path("<int:pk>/move/", wrap(self.move_view), name="hooks_hook_move"),
            path("<int:pk>/versions/", wrap(self.versions_view), name="hooks_hook_versions"),
            *super().get_urls(),
        ]

    def types_view(self, request: HttpRequest) -> HttpResponse:
        """Give editors the type names a script may use."""
        headers = {"Content-Disposition": 'attachment; filename="burnish.d.ts"'}
        return HttpResponse(declarations(), content_type="application/typescript", headers=headers)

    def try_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Try a hook with an event; nothing is written."""
        return hook_try.page(self, request, self._one(request, pk))

    def versions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what a hook was, and make it that again."""
        return hook_versions.page(self, request, self._one(request, pk))

    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let a hook and the one beside it change places."""
        hook = self._one(request, pk)
        if request.method == "POST":
            order = list(Hook.objects.all())
            place = order.index(hook)
            other = place + (-1 if "up" in request.POST else 1)
            if 0 <= other < len(order):
                order[place], order[other] = order[other], order[place]
                for position, one in enumerate(order):
                    one.position = position
                with transaction.atomic():
                    Hook.objects.bulk_update(order, ["position"])
                    self._log(request, "moved", hook)
        return redirect("portal:hooks_hook_changelist")

    def _one(self, request: HttpRequest, pk: int) -> Hook:
        hook = get_object_or_404(Hook, pk=pk)
        if not self.has_change_permission(request, hook):
            raise PermissionDenied
        return hook

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Bring the figures of the listed hooks along, for all of them at once."""
        listed = super().get_changelist_instance(request)
        listed.result_list = list(listed.result_list)
        figures = statistics.of([hook.pk for hook in listed.result_list], timezone.now())
        for hook in listed.result_list:
            hook.figures = figures[hook.pk]
        return listed

    @admin.display(description="Type", ordering="kind")
    def shown_kind(self, hook: Hook) -> str:
        return str(hook.get_kind_display())

    @admin.display(description="Events")
    def shown_events(self, hook: Hook) -> str:
        if hook.events == [ALL]:
            return "all, once they happened"
        shown = ", ".join(hook.events[:2]) or "none"
        return shown + (f" and {len(hook.events) - 2} more" if len(hook.events) > 2 else "")

    @admin.display(description="Enabled", boolean=True, ordering="enabled")
    def shown_enabled(self, hook: Hook) -> bool:
        return hook.enabled

    @admin.display(description="Last run")
    def last_run(self, hook: Any) -> SafeString | str:
        if not hook.run_outcome:
            return "-"
        label = format_html(
            '<span class="portal-outcome portal-{}">{}</span>',
            hook.run_outcome,
            outcome_label(hook.run_outcome),
        )
        return _over(label, moment(hook.run_at))

    @admin.display(description="p50, p95")
    def shown_times(self, hook: Any) -> SafeString | str:
        figures = hook.figures
        return "-" if figures.p50 is None else _over(duration(figures.p50), duration(figures.p95))

    @admin.display(description="Calls in 24 h")
    def shown_calls(self, hook: Any) -> SafeString:
        return _over(sparkline(hook.figures.by_hour), f"{hook.figures.failures} failed")

    @admin.display(description="Order")
    def shown_order(self, hook: Hook) -> SafeString:
        return format_html(
            '<span class="portal-moves"><button class="portal-move" form="portal-order" name="up"'
            ' formaction="{0}" aria-label="Move {1} up">&uarr;</button>'
            '<button class="portal-move" form="portal-order" name="down" formaction="{0}"'
            ' aria-label="Move {1} down">&darr;</button></span>',
            reverse("portal:hooks_hook_move", args=[hook.pk]),
            hook.name,
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin a new hook with a free name and a script that runs."""
        taken = set(Hook.objects.filter(name__startswith="hook-").values_list("name", flat=True))
        number = next(n for n in range(1, len(taken) + 2) if f"hook-{n}" not in taken)
        return {
            "name": f"hook-{number}",
            "event": "user.pre_create",
            "script": STARTER,
            **super().get_changeform_initial_data(request),
        }

    def get_form(
        self, request: HttpRequest, obj: Hook | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Hand the form what the checker said."""
        # Django asks for the model's fields by the names of the page's: ours are not all its own.
        kwargs["fields"] = HookForm.Meta.fields
        form = super().get_form(request, obj, change, **kwargs)
        form.checked = getattr(request, "checked_script", None)
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Have the script checked before the admin opens its transaction."""
        source = tidy(request.POST.get("script", ""))
        scripted = request.POST.get("kind") == Hook.Kind.SCRIPT and bool(source.strip())
        if scripted and len(source.encode()) <= MAX_BYTES and self._may_save(request):
            name = request.POST.get("name", "")[:60]
            setattr(request, "checked_script", examine(name, source))  # noqa: B010 - a new attribute
        context = extra_context or {}
        if object_id is None:
            context |= {"title": "Add hook"}
        elif object_id.isdigit():
            context |= {"runs": unseen.covered(Run.objects.filter(hook_id=object_id)[:10])}
        return super().changeform_view(request, object_id, form_url, context)

    def _may_save(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) or self.has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: Hook, form: HookForm, change: bool) -> None:
        """Keep with the hook what it imports and what the checker said; keep it as a version."""
        checked = form.checked or Checked()
        obj.problems = checked.as_json()
        obj.modules = [[module.specifier, module.source] for module in checked.modules]
        if not change:
            obj.position = Hook.objects.count()
        super().save_model(request, obj, form, change)
        obj.secrets.set(form.cleaned_data["may_use"])
        versions.keep(obj, str(request.user))
        if obj.kind == Hook.Kind.WEBHOOK:
            signing.ensure()
        if checked.unchecked:
            sentence = f"The script was saved, but it could not be checked: {checked.unchecked}"
            messages.warning(request, sentence)
        elif obj.problems:
            messages.warning(
                request,
                "The script was saved and will run, but the type checker warns: "
                "see the lines under the editor.",
            )

    def response_post_save_add(self, request: HttpRequest, obj: Hook) -> HttpResponse:
        """Stay with a hook whose script has warnings."""
        return self._stay(obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Hook) -> HttpResponse:
        """Stay with a hook whose script has warnings."""
        return self._stay(obj) or super().response_post_save_change(request, obj)

    def _stay(self, hook: Hook) -> HttpResponse | None:
        return redirect("portal:hooks_hook_change", hook.pk) if hook.problems else None


def _over(first: Any, second: str) -> SafeString:
    return format_html('{}<span class="portal-aside">{}</span>', first, second)
