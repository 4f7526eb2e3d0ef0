"""The form of a custom attribute."""

import re
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from burnish.attributes.merge import Merge
from burnish_server.portal.access_grid import (
    AccessField,
    MergeByField,
    PreferField,
    merge_of,
)
from burnish_server.profiles import definitions
from burnish_server.profiles.definitions import Trial
from burnish_server.profiles.models import CustomAttribute

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
