"""Fields that take what people say: a country's name, a phone number as they write it."""

import re
from functools import cache

from babel import Locale, UnknownLocaleError
from django.forms.widgets import Widget
from django.utils.translation import get_language

from burnish.attributes.formats import COUNTRY_CODES
from burnish_server.profiles.fields import ValueField
from burnish_server.profiles.suggestions import Suggesting
from burnish_server.profiles.view import Row


class CountryField(ValueField):
    """A country, searched for by its name; its code is understood too."""

    def widget_for(self, row: Row) -> Widget:
        return Suggesting(sorted(names(get_language() or "en").values()))

    def to_form(self, value: object) -> str:
        return names(get_language() or "en").get(str(value), str(value))

    def parse(self, text: str) -> str:
        if text.upper() in COUNTRY_CODES:
            return text.upper()
        codes = {name.casefold(): code for code, name in names(get_language() or "en").items()}
        return codes.get(text.casefold(), text)


class PhoneField(ValueField):
    """A phone number with its country's prefix, however it is grouped."""

    def parse(self, text: str) -> str:
        digits = re.sub(r"[\s().\-/]", "", text)
        return re.sub(r"^00", "+", digits)


@cache
def names(language: str) -> dict[str, str]:
    """Return the countries' names in a language by their codes."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return {code: locale.territories.get(code, code) for code in sorted(COUNTRY_CODES)}
