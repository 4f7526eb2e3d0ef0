"""Advanced > Hook log."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from unfold.decorators import display

from burnish.events.catalogue import CATALOGUE
from burnish.events.event import envelope
from burnish_server.hooks.models import Event, Run
from burnish_server.identity import lookup
from burnish_server.identity.models import User
from burnish_server.portal import unseen
from burnish_server.portal.pages import ReadOnlyPage, duration, moment
from burnish_server.portal.site import site
from burnish_server.profiles.models import CustomAttribute

OUTCOME_COLOURS = {"Allowed": "success", "Denied": "warning", "Failed": "danger"}


def outcome_label(outcome: str) -> str:
    """Return an outcome in words."""
    return str(Run.Outcome(outcome).label)


class EventFilter(admin.SimpleListFilter):
    """By event; the names come from the catalogue, not from a walk over the log."""

    title = "event"
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in CATALOGUE]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Run]) -> QuerySet[Run]:
        return queryset.filter(event_type=self.value()) if self.value() else queryset

    def has_output(self) -> bool:
        return True


@admin.register(Run, site=site)
class RunPage(ReadOnlyPage):
    """What each hook did, when and why."""

    list_display = (
        "shown_at",
        "hook_name",
        "event_type",
        "shown_outcome",
        "shown_duration",
        "shown_user",
        "shown_error",
    )
    list_filter = ("outcome", "hook", EventFilter)
    search_fields = ("user_id__startswith",)
    search_help_text = "Search by the user's e-mail or id"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[unseen.CoveredList]:
        return unseen.CoveredList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        """Bring each run's user along, if the user came to be."""
        user = User.objects.filter(pk=OuterRef("user_id"))
        return super().get_queryset(request).annotate(email=Subquery(user.values("email")[:1]))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Run], search_term: str
    ) -> tuple[QuerySet[Run], bool]:
        """Find the runs about one user."""
        if not search_term.strip():
            return queryset, False
        user = lookup.find(search_term.strip())
        return (queryset.filter(user_id=user.pk) if user else queryset.none()), False

    @admin.display(description="Time", ordering="started_at")
    def shown_at(self, run: Run) -> str:
        return moment(run.started_at)

    @display(description="Outcome", ordering="outcome", label=OUTCOME_COLOURS)
    def shown_outcome(self, run: Run) -> str:
        return outcome_label(run.outcome)

    @admin.display(description="Took", ordering="duration_ms")
    def shown_duration(self, run: Run) -> str:
        return duration(run.duration_ms)

    @admin.display(description="User")
    def shown_user(self, run: Any) -> str:
        return run.email or (f"{str(run.user_id)[:8]}, not created" if run.user_id else "-")

    @admin.display(description="Error")
    def shown_error(self, run: Run) -> str:
        if not run.error_code:
            return "-"
        line = f"line {run.error_line}: " if run.error_line else ""
        first = run.error_message.split("\n", 1)[0]
        return line + (f"{first[:100]}…" if len(first) > 100 else first)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one run with everything that is known of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = self.get_object(request, object_id)
        if run is None:
            raise Http404("There is no such run.")
        [run] = unseen.covered([run])
        context = {
            **self.admin_site.each_context(request),
            "title": f"{run.hook_name}: {outcome_label(run.outcome).lower()}",
            "opts": self.opts,
            "run": run,
            "at": moment(run.started_at),
            "took": duration(run.duration_ms),
            "line": script_line(run),
            "dropped": dropped(run),
            "user": request.user,
            "answer": "" if run.answer is None else _text(run.answer),
            "event": _event(run.event_seq),
            "about": User.objects.filter(pk=run.user_id).first(),
        }
        return render(request, "portal/run.html", context)


def _event(seq: int) -> str:
    """Return an event as its hooks were given it, as far as the portal may see it."""
    event = Event.objects.filter(seq=seq).first()
    if event is None:
        return ""
    whole = envelope(event.type, event.payload, event.seq, event.context)
    return _text(unseen.now().masked(whole))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def script_line(run: Run) -> str | None:
    """Return the line an error points at, as the hook's script stands now."""
    if run.hook is None or run.error_line is None:
        return None
    lines = run.hook.script.split("\n")
    return lines[run.error_line - 1] if 0 < run.error_line <= len(lines) else None


def dropped(run: Run) -> list[dict[str, str]]:
    """Return the attributes nobody had defined, each with a page that defines it."""
    defined = set(
        CustomAttribute.objects.filter(
            pointer__in=[f"/{name}" for name in run.dropped]
        ).values_list("pointer", flat=True)
    )
    add = reverse("portal:profiles_customattribute_add")
    return [
        {
            "name": name,
            "url": "" if f"/{name}" in defined else f"{add}?{urlencode({'pointer': f'/{name}'})}",
        }
        for name in run.dropped
    ]
