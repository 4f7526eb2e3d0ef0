"""A form's field for a phone number."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from burnish.attributes.formats import phone_number
from burnish_server.identity.login_id import number

INVALID = _("Write the number with its country code, such as +46701740605.")


def as_number(text: str) -> str:
    """Return a number in E.164 form. Raises `ValidationError` with what to write instead."""
    found = number(text)
    if phone_number(found):
        raise ValidationError(INVALID, code="invalid_phone")
    return found


class PhoneField(forms.CharField):
    """Takes a number as people write it, and returns it in E.164 form."""

    def __init__(self, **kwargs: Any) -> None:
        """Tell phones' keyboards what is wanted."""
        kwargs.setdefault("label", _("Phone number"))
        kwargs.setdefault("widget", forms.TextInput({"type": "tel", "autocomplete": "tel"}))
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the number, or nothing where none is needed."""
        text = str(super().clean(value))
        return as_number(text) if text else text
