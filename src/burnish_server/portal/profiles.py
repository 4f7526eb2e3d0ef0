"""User profile > Custom attributes."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from burnish.attributes import custom
from burnish_server.identity.models import User
from burnish_server.portal.access_grid import (
    access_words,
)
from burnish_server.portal.custom_attribute_form import TYPES, CustomAttributeForm
from burnish_server.portal.pages import Page, actor
from burnish_server.portal.site import site
from burnish_server.profiles import definitions
from burnish_server.profiles.definitions import Trial
from burnish_server.profiles.models import CustomAttribute
from burnish_server.profiles.wording import lines


@admin.register(CustomAttribute, site=site)
class CustomAttributePage(Page):
    """What profiles may hold besides the standard attributes."""

    form = CustomAttributeForm
    logs_itself = True
    change_form_template = "portal/attribute.html"
    list_display = (
        "shown_label",
        "name",
        "shown_type",
        "shown_access",
        "shown_state",
        "shown_order",
    )
    list_filter = ("retired",)
    ordering = ("retired", "position", "created_at")
    sortable_by = ()
    search_fields = ("pointer", "label")
    search_help_text = "Search by name or label"
    fieldsets = (
        (None, {"fields": ("pointer", "type", "minimum", "maximum", "choices", "agreed")}),
        ("For people", {"fields": ("label", "help_text", "purpose")}),
        ("Access", {"fields": ("access", "indexed", "sensitive")}),
        ("Merging", {"fields": ("by", "prefer")}),
    )
    conditional_fields: ClassVar[dict[str, str]] = {
        "minimum": "type == 'number' || type == 'integer'",
        "maximum": "type == 'number' || type == 'integer'",
        "choices": "type == 'enum'",
    }

    @admin.display(description="Label")
    def shown_label(self, attribute: CustomAttribute) -> str:
        return attribute.title

    @admin.display(description="Type")
    def shown_type(self, attribute: CustomAttribute) -> str:
        return TYPES[attribute.type]

    @admin.display(description="Who sees it")
    def shown_access(self, attribute: CustomAttribute) -> str:
        return access_words(attribute.access)

    @admin.display(description="State")
    def shown_state(self, attribute: CustomAttribute) -> str:
        marks = [
            word
            for word, holds in (
                ("retired", attribute.retired),
                ("searchable", attribute.indexed),
                ("sensitive", attribute.sensitive),
            )
            if holds
        ]
        return ", ".join(marks).capitalize() or "In use"

    @admin.display(description="Order")
    def shown_order(self, attribute: CustomAttribute) -> SafeString:
        url = reverse("portal:profiles_customattribute_move", args=[attribute.pk])
        return format_html(
            '<span class="portal-moves">{}{}</span>',
            _mover(url, "up", "↑", attribute.title),
            _mover(url, "down", "↓", attribute.title),
        )

    def get_urls(self) -> list[URLPattern]:
        """Add what is done to one attribute beside editing it."""
        views = {"move": self.move, "retire": self.retire, "restore": self.restore}
        ours = [
            path(
                f"<str:pk>/{name}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"profiles_customattribute_{name}",
            )
            for name, view in views.items()
        ]
        purge = path(
            "<str:pk>/purge/",
            self.admin_site.admin_view(self.purge),
            name="profiles_customattribute_purge",
        )
        return [*ours, purge, *super().get_urls()]

    def move(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Exchange places with the attribute above or below."""
        self._attribute(request, pk)
        ids = list(CustomAttribute.objects.order_by("position", "created_at").values_list("pk"))
        order = [id for (id,) in ids]
        here = order.index(pk)
        there = here + (-1 if request.POST.get("move") == "up" else 1)
        if 0 <= there < len(order):
            order[here], order[there] = order[there], order[here]
            definitions.reorder(order, actor(request))
        return redirect("portal:profiles_customattribute_changelist")

    def retire(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Hide an attribute everywhere and keep its values."""
        attribute = self._attribute(request, pk)
        definitions.retire(pk, actor(request))
        messages.success(request, f"{attribute} is retired. Its values are kept.")
        return redirect("portal:profiles_customattribute_change", pk)

    def restore(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Bring a retired attribute back."""
        attribute = self._attribute(request, pk)
        definitions.restore(pk, actor(request))
        messages.success(request, f"{attribute} is in use again, with the values it had.")
        return redirect("portal:profiles_customattribute_change", pk)

    def purge(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Say what would be erased, and erase it once that is confirmed."""
        attribute = self._attribute(request, pk)
        refusals: tuple[str, ...] = ()
        if request.method == "POST":
            try:
                users = definitions.purge(pk, actor(request))
            except definitions.Refused as refused:
                refusals = tuple(fault.message for fault in refused.faults)
            else:
                messages.success(request, f"{attribute} is gone, with the values of {users} users.")
                return redirect("portal:profiles_customattribute_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": f"Purge {attribute}",
            "opts": self.opts,
            "attribute": attribute,
            "users": definitions.usage(pk),
            "refusals": refusals,
        }
        return render(request, "portal/purge.html", context, status=409 if refusals else 200)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Say so where an attribute was changed by somebody else between check and save."""
        try:
            response = super().changeform_view(request, object_id, form_url, extra_context)
        except definitions.Refused as refused:
            messages.error(request, f"Nothing was changed: {refused}.")
            return redirect(request.path)
        context = getattr(response, "context_data", None) or {}
        if (form := getattr(context.get("adminform"), "form", None)) and form.trial:
            context["trial"], context["unfit"] = form.trial, _unfit(form.trial)
        return response

    def has_delete_permission(
        self, request: HttpRequest, obj: CustomAttribute | None = None
    ) -> bool:
        """Say no: attributes are retired, then purged."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[CustomAttribute]:
        """Put the retired ones behind the others."""
        return super().get_queryset(request).order_by(*self.ordering)

    def save_model(
        self,
        request: HttpRequest,
        obj: CustomAttribute,
        form: CustomAttributeForm,
        change: bool,
    ) -> None:
        """Save by the one way attributes are changed, which keeps the log and the values."""
        loss = bool(form.cleaned_data.get("agreed"))
        definitions.save(obj.as_definition(), actor(request), allow_loss=loss)

    def _attribute(self, request: HttpRequest, pk: str) -> CustomAttribute:
        if not self.has_change_permission(request):
            raise PermissionDenied
        attribute = CustomAttribute.objects.filter(pk=pk).first()
        if attribute is None:
            raise Http404("There is no such attribute.")
        return attribute


def _mover(url: str, way: str, arrow: str, title: str) -> SafeString:
    return format_html(
        '<button type="submit" formaction="{}" name="move" value="{}" class="portal-move" '
        'aria-label="Move {} {}">{}</button>',
        url,
        way,
        title,
        way,
        arrow,
    )


def _unfit(trial: Trial) -> list[dict[str, str]]:
    emails = dict(
        User.objects.filter(pk__in=[unfit.user_id for unfit in trial.unfit]).values_list(
            "pk", "email"
        )
    )
    return [
        {
            "user": emails.get(unfit.user_id) or str(unfit.user_id),
            "url": reverse("portal:identity_user_change", args=[unfit.user_id]),
            "value": " ".join(lines(unfit.value)),
            "reason": unfit.reason,
        }
        for unfit in trial.unfit
    ]


assert set(TYPES) == set(custom.TYPES)  # noqa: S101 - a new type needs a name here
