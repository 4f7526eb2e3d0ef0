"""User profile > Standard attributes, and how social identities fill them in."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.widgets import UnfoldAdminRadioSelectWidget

from burnish.attributes.access import Access
from burnish.attributes.merge import Merge
from burnish.attributes.standard import StandardAttribute as Settled
from burnish_server.portal.access_grid import (
    WAYS,
    AccessField,
    MergeByField,
    PreferField,
    access_words,
    merge_of,
)
from burnish_server.portal.pages import OneRowPage, Page, actor
from burnish_server.portal.site import site
from burnish_server.profiles import definitions
from burnish_server.profiles.models import Population, StandardAttribute


class StandardAttributeForm(forms.ModelForm):
    """What a project settles about a standard attribute."""

    access = AccessField(label="Who sees it")
    by = MergeByField(label="When sources disagree")
    prefer = PreferField(label="Preferred sources", required=False)

    class Meta:
        model = StandardAttribute
        fields = ("access",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        merge = Merge.model_validate(self.instance.merge)
        self.initial.update(by=merge.by, prefer="\n".join(merge.prefer))

    def clean(self) -> dict[str, Any]:
        """Read the two fields that make up the merge policy."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            self.instance.merge = merge_of(cleaned.get("by", ""), cleaned.get("prefer", ""))
        except forms.ValidationError as error:
            self.add_error("prefer", error)
        return cleaned


@admin.register(StandardAttribute, site=site)
class StandardAttributePage(Page):
    """What every profile may hold: the claims of OpenID Connect."""

    form = StandardAttributeForm
    logs_itself = True
    list_display = ("shown_label", "name", "shown_access", "shown_merge")
    list_before_template = "portal/population.html"
    sortable_by = ()
    fields = ("access", "by", "prefer")

    @admin.display(description="Label")
    def shown_label(self, attribute: StandardAttribute) -> str:
        return str(attribute)

    @admin.display(description="Who sees it")
    def shown_access(self, attribute: StandardAttribute) -> str:
        return access_words(attribute.access)

    @admin.display(description="When sources disagree")
    def shown_merge(self, attribute: StandardAttribute) -> str:
        merge = Merge.model_validate(attribute.merge)
        preferred = f"{', then '.join(merge.prefer)}; else " if merge.prefer else ""
        words = WAYS[merge.by]
        return preferred + (words[0].lower() + words[1:] if preferred else words)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show all of them, those nobody touched with their defaults."""
        StandardAttribute.complete()
        context = {"population": Population.current(), **(extra_context or {})}
        return super().changelist_view(request, context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: StandardAttribute | None = None
    ) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: StandardAttribute, form: forms.ModelForm, change: bool
    ) -> None:
        """Save by the one way attributes are settled, which keeps the log."""
        access, merge = Access.model_validate(obj.access), Merge.model_validate(obj.merge)
        definitions.settle(Settled(obj.name, access, merge), actor(request))


@admin.register(Population, site=site)
class PopulationPage(OneRowPage):
    """Whether a social identity fills standard attributes in: one form, no list."""

    title = "Filling in from social identities"
    fields = ("strategy",)
    logs_itself = True
    radio_fields = {"strategy": admin.VERTICAL}  # noqa: RUF012 - Django's shape

    def formfield_for_choice_field(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ChoiceField | None:
        return super().formfield_for_choice_field(
            db_field, request, widget=UnfoldAdminRadioSelectWidget(), **kwargs
        )

    def response_change(self, request: HttpRequest, obj: Population) -> HttpResponse:
        """Go back to the attributes it is about."""
        messages.success(request, "Saved.")
        return redirect("portal:profiles_standardattribute_changelist")

    def save_model(
        self, request: HttpRequest, obj: Population, form: forms.ModelForm, change: bool
    ) -> None:
        """Save by the one way this is settled, which keeps the log."""
        definitions.populate(obj.strategy, actor(request))
