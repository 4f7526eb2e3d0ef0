"""User profile > Custom attributes."""

import re
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from burnish.attributes import custom
from burnish.attributes.merge import Merge
from burnish_server.identity.models import User
from burnish_server.portal.access_grid import (
    AccessField,
    MergeByField,
    PreferField,
    access_words,
    merge_of,
)
from burnish_server.portal.pages import Page, actor
from burnish_server.portal.site import site
from burnish_server.profiles import definitions
from burnish_server.profiles.definitions import Trial
from burnish_server.profiles.models import CustomAttribute
from burnish_server.profiles.wording import lines

TYPES = {
    "string": "Text",
    "number": "Number",
    "integer": "Whole number",
    "boolean": "Yes or no",
    "enum": "One of several choices",
    "string_list": "List of texts",
    "date": "Date",
    "datetime": "Date and time",
    "phone_number": "Phone number",
    "email": "E-mail address",
    "url": "Web address",
    "country_code": "Country code, such as SE",
}

_TEXTS = {
    "label": ("Label", "What people read. Left empty, it is made from the name."),
    "help_text": ("Help", "Shown beside the field where people fill it in."),
    "purpose": ("Purpose", "What you need it for; shown to the people it is about."),
}


def _text(label: str, help_text: str, most: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        help_text=help_text,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )


def _switch(label: str, help_text: str) -> forms.BooleanField:
    return forms.BooleanField(
        label=label, required=False, help_text=help_text, widget=UnfoldBooleanSwitchWidget()
    )


def _bound(label: str) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=False, widget=UnfoldAdminDecimalFieldWidget())


class CustomAttributeForm(forms.ModelForm):
    """An attribute's definition. Its rules are the model's; their sentences stand by the field.

    Where values are stored that the new definition changes, a dry run says what becomes of them,
    and they are touched only once that is agreed to.
    """

    trial: Trial | None = None

    pointer = forms.CharField(
        label="Name",
        max_length=80,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Small letters, digits and underscores, such as city or company_size.",
        error_messages={"unique": "There is an attribute of this name already."},
    )
    type = forms.ChoiceField(
        choices=list(TYPES.items()),
        widget=UnfoldAdminSelectWidget(),
        help_text="Values are converted when it changes; you see first which ones cannot be.",
    )
    minimum = _bound("At least")
    maximum = _bound("At most")
    choices = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text="One a line, of letters, digits and underscores.",
    )
    label = _text(*_TEXTS["label"], 200)
    help_text = _text(*_TEXTS["help_text"], 1000)
    purpose = _text(*_TEXTS["purpose"], 200)
    indexed = _switch("Searchable", "Users can be found by this attribute.")
    sensitive = _switch("Sensitive", "Its values are masked where logs would show them.")
    access = AccessField(label="Who sees it")
    by = MergeByField(label="When sources disagree")
    prefer = PreferField(label="Preferred sources", required=False)
    agreed = _switch("Change these values", "")

    class Meta:
        model = CustomAttribute
        fields = (
            "pointer",
            "type",
            "minimum",
            "maximum",
            "label",
            "help_text",
            "purpose",
            "indexed",
            "sensitive",
            "access",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attribute = self.instance
        merge = Merge.model_validate(attribute.merge)
        self.initial["pointer"] = self.initial.get("pointer", "").removeprefix("/")
        self.initial.update(choices="\n".join(attribute.enum), access=attribute.access)
        self.initial.update(by=merge.by, prefer="\n".join(merge.prefer))
        for bound in ("minimum", "maximum"):
            if self.initial.get(bound) is not None:
                self.initial[bound] = f"{self.initial[bound].normalize():f}"
        if "agreed" not in self.data:
            self.fields["agreed"].widget = forms.HiddenInput()

    def clean_pointer(self) -> str:
        """Take the name with its slash or without."""
        return "/" + str(self.cleaned_data["pointer"]).strip().removeprefix("/")

    def clean(self) -> dict[str, Any]:
        """Keep only what the type knows: bounds of numbers, choices of an enum."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("type")
        if kind not in ("number", "integer"):
            cleaned["minimum"] = cleaned["maximum"] = None
        lines = [line.strip() for line in cleaned.get("choices", "").splitlines()]
        self.instance.enum = [line for line in lines if line] if kind == "enum" else []
        try:
            self.instance.merge = merge_of(cleaned.get("by", ""), cleaned.get("prefer", ""))
        except ValidationError as error:
            self.add_error("prefer", error)
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors and not self.instance._state.adding:
            self._try()

    def _try(self) -> None:
        """Have a dry run say what becomes of stored values; without consent, stop there."""
        definition = self.instance.as_definition()
        before = CustomAttribute.objects.get(pk=self.instance.pk).as_definition()
        if not definitions.is_narrower(before, definition):
            return
        trial = definitions.trial(definition)
        retyped = before.type != definition.type and trial.users
        if (retyped or trial.unfit_count) and not self.cleaned_data.get("agreed"):
            self.trial = trial
            self.fields["agreed"].widget = UnfoldBooleanSwitchWidget()
            self.fields["agreed"].help_text = _consent(trial)
            self.add_error("agreed", "Nothing was changed yet: see what becomes of the values.")

    def add_error(self, field: str | None, error: Any) -> None:
        """Put a rule's sentence beside the field it speaks of."""
        by_field = getattr(error, "error_dict", None)
        if field is not None or by_field is None:
            super().add_error(field, error)
            return
        for name, errors in by_field.items():
            for item in errors:
                super().add_error(self._place(name, item), item)

    def _place(self, name: str, error: ValidationError) -> str | None:
        if name == NON_FIELD_ERRORS:
            sentence = " ".join(error.messages)
            named = re.search(r"`(\w+)`|bounds", sentence)
            name = (named.group(1) or "minimum") if named else ""
        name = {"enum": "choices", "merge": "prefer"}.get(name, name)
        return name if name in self.fields else None


def _consent(trial: Trial) -> str:
    if not trial.unfit_count:
        return f"Convert the values of {trial.users} users."
    kept = f"Convert {trial.fit}, and withdraw {trial.unfit_count}"
    return f"{kept}: those who do not fit have no value then; their history keeps it."


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
