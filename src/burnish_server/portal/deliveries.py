"""Advanced > Deliveries: events on their way to hooks, and those that were given up."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from unfold.decorators import display

from burnish.events.event import event_id
from burnish_server.audit.log import record
from burnish_server.hooks import deliveries
from burnish_server.hooks.models import Delivery
from burnish_server.identity.models import User
from burnish_server.portal import unseen
from burnish_server.portal.hook_log import EventFilter
from burnish_server.portal.pages import ReadOnlyPage, actor, moment
from burnish_server.portal.site import site

COLOURS = {"Pending": "info", "Delivered": "success", "Given up": "danger"}


@admin.register(Delivery, site=site)
class DeliveryPage(ReadOnlyPage):
    """Where events are on their way to hooks."""

    change_list_template = "portal/deliveries.html"
    list_display = (
        "shown_at",
        "hook",
        "event_type",
        "shown_state",
        "attempts",
        "shown_due",
        "shown_error",
    )
    list_filter = ("state", "hook", EventFilter)
    list_select_related = ("hook",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[unseen.CoveredList]:
        return unseen.CoveredList

    def get_urls(self) -> list[URLPattern]:
        """Add the way to have deliveries made again."""
        view = self.admin_site.admin_view(self.replay_view)
        return [path("replay/", view, name="hooks_delivery_replay"), *super().get_urls()]

    def replay_view(self, request: HttpRequest) -> HttpResponse:
        """Have one delivery made again, or all of a hook, or all that were given up."""
        if not request.user.has_perm("hooks.change_delivery") or request.method != "POST":
            raise PermissionDenied
        which: QuerySet[Delivery] = Delivery.objects.all()
        one, hook = request.POST.get("id", ""), request.POST.get("hook", "")
        if one:
            which = which.filter(pk=one) if _is_id(one) else which.none()
        else:
            which = which.filter(state=Delivery.State.DEAD)
            which = which.filter(hook_id=hook) if hook.isdecimal() else which
        with transaction.atomic():
            count = deliveries.replay(which)
            detail = {"deliveries": count}
            about = (one if _is_id(one) else "", hook if hook.isdecimal() else "all")
            record(actor(request), "replayed", "deliveries", *about, detail)
        sentence = f"{count} {'delivery is' if count == 1 else 'deliveries are'} made again now."
        messages.success(request, sentence)
        return redirect("portal:hooks_delivery_changelist")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Bring the figures along."""
        day = timezone.now() - timedelta(days=1)
        figures = Delivery.objects.aggregate(
            pending=Count("pk", filter=Q(state="pending")),
            dead=Count("pk", filter=Q(state="dead")),
            delivered=Count("pk", filter=Q(state="delivered", finished_at__gte=day)),
        )
        context = {"figures": figures, "title": "Deliveries", **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description="Event at", ordering="created_at")
    def shown_at(self, delivery: Delivery) -> str:
        return moment(delivery.created_at)

    @display(description="State", ordering="state", label=COLOURS)
    def shown_state(self, delivery: Delivery) -> str:
        return str(delivery.get_state_display())

    @admin.display(description="Next attempt")
    def shown_due(self, delivery: Delivery) -> str:
        return moment(delivery.due_at) if delivery.state == Delivery.State.PENDING else "-"

    @admin.display(description="Reason")
    def shown_error(self, delivery: Delivery) -> str:
        message = delivery.error_message
        return f"{message[:100]}…" if len(message) > 100 else message or "-"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one delivery with everything that is known of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        delivery = self.get_object(request, object_id)
        if delivery is None:
            raise Http404("There is no such delivery.")
        [delivery] = unseen.covered([delivery])
        context = {
            **self.admin_site.each_context(request),
            "title": f"{delivery.hook}: {delivery.get_state_display().lower()}",
            "subtitle": None,
            "opts": self.opts,
            "delivery": delivery,
            "event_id": event_id(delivery.event_seq),
            "at": moment(delivery.created_at),
            "due": moment(delivery.due_at),
            "finished": moment(delivery.finished_at),
            "about": User.objects.filter(pk=delivery.user_id).first(),
        }
        return render(request, "portal/delivery.html", context)


def _is_id(text: str) -> bool:
    return len(text) == 36 and text.replace("-", "").isalnum()
