"""User profile > Custom attributes."""

import re
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Max
from django.http import HttpRequest
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from burnish_server.portal.pages import Page
from burnish_server.portal.site import site
from burnish_server.profiles.models import CustomAttribute, default_access

TYPES = {
    "string": "Text",
    "number": "Number",
    "integer": "Whole number",
    "enum": "One of several choices",
    "phone_number": "Phone number",
    "email": "E-mail address",
    "url": "Web address",
    "country_code": "Country code, such as SE",
}

ACCESS = {
    "hidden hidden readwrite": "Administrators see and edit it",
    "hidden hidden readonly": "Administrators see it",
    "hidden readonly readwrite": "Apps see it, administrators see and edit it",
    "hidden readonly readonly": "Apps and administrators see it",
    "readonly readonly readwrite": "The user and apps see it, administrators see and edit it",
    "readonly readonly readonly": "The user, apps and administrators see it",
    "readwrite readonly readwrite": "The user and administrators see and edit it, apps see it",
    "hidden hidden hidden": "Nobody sees it: for hooks only",
}
"""The eight legal triples of end user, token bearer and portal, in words."""

PARTIES = ("end_user", "bearer", "portal_ui")


def access_key(access: dict[str, str]) -> str:
    """Return the triple as it stands in `ACCESS`."""
    return " ".join(access[party] for party in PARTIES)


class CustomAttributeForm(forms.ModelForm):
    """An attribute's definition. Its rules are the model's; their sentences stand by the field."""

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
        help_text="It cannot be changed once the attribute is saved.",
    )
    minimum = forms.DecimalField(
        label="At least", required=False, widget=UnfoldAdminDecimalFieldWidget()
    )
    maximum = forms.DecimalField(
        label="At most", required=False, widget=UnfoldAdminDecimalFieldWidget()
    )
    choices = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text="One a line, of letters, digits and underscores.",
    )
    access = forms.ChoiceField(
        label="Who sees it",
        choices=list(ACCESS.items()),
        widget=UnfoldAdminSelectWidget(),
        help_text="Apps read a user's profile with an access token. Hooks always see everything.",
    )

    class Meta:
        model = CustomAttribute
        fields = ("pointer", "type", "minimum", "maximum", "access")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attribute = self.instance
        self.initial["pointer"] = self.initial.get("pointer", "").removeprefix("/")
        self.initial["choices"] = "\n".join(attribute.enum)
        self.initial["access"] = access_key(attribute.access or default_access())
        for bound in ("minimum", "maximum"):
            if self.initial.get(bound) is not None:
                self.initial[bound] = f"{self.initial[bound].normalize():f}"
        self.fields["type"].disabled = not attribute._state.adding

    def clean_pointer(self) -> str:
        """Take the name with its slash or without."""
        return "/" + str(self.cleaned_data["pointer"]).strip().removeprefix("/")

    def clean_access(self) -> dict[str, str]:
        """Turn the words back into a level for each party."""
        return dict(zip(PARTIES, self.cleaned_data["access"].split(), strict=True))

    def clean(self) -> dict[str, Any]:
        """Keep only what the type knows: bounds of numbers, choices of an enum."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("type")
        if kind not in ("number", "integer"):
            cleaned["minimum"] = cleaned["maximum"] = None
        lines = [line.strip() for line in cleaned.get("choices", "").splitlines()]
        self.instance.enum = [line for line in lines if line] if kind == "enum" else []
        return cleaned

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
        name = "choices" if name == "enum" else name
        return name if name in self.fields else None


@admin.register(CustomAttribute, site=site)
class CustomAttributePage(Page):
    """What profiles may hold besides the standard attributes."""

    form = CustomAttributeForm
    list_display = ("shown_label", "name", "shown_type", "shown_access")
    search_fields = ("pointer",)
    search_help_text = "Search by name"
    fields = ("pointer", "type", "minimum", "maximum", "choices", "access")
    conditional_fields: ClassVar[dict[str, str]] = {
        "minimum": "type == 'number' || type == 'integer'",
        "maximum": "type == 'number' || type == 'integer'",
        "choices": "type == 'enum'",
    }

    @admin.display(description="Label", ordering="pointer")
    def shown_label(self, attribute: CustomAttribute) -> str:
        return attribute.title

    @admin.display(description="Type", ordering="type")
    def shown_type(self, attribute: CustomAttribute) -> str:
        return TYPES[attribute.type]

    @admin.display(description="Who sees it")
    def shown_access(self, attribute: CustomAttribute) -> str:
        return ACCESS[access_key(attribute.access)]

    def has_delete_permission(
        self, request: HttpRequest, obj: CustomAttribute | None = None
    ) -> bool:
        """Say no: profiles hold values of it, and the schema's contract keeps attributes."""
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: CustomAttribute,
        form: CustomAttributeForm,
        change: bool,
    ) -> None:
        """Put a new attribute behind the others."""
        if not change:
            last = CustomAttribute.objects.aggregate(last=Max("position"))["last"]
            obj.position = 0 if last is None else last + 1
        super().save_model(request, obj, form, change)
