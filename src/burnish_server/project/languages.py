"""The languages people may be spoken to in: English, and whatever there is a folder for."""

from pathlib import Path

from babel import Locale
from django.utils.translation import to_language

LOCALES = Path(__file__).parent.parent / "identity" / "locale"
"""One folder a language, as in `de/LC_MESSAGES/django.mo`."""


def offered() -> list[tuple[str, str]]:
    """Return code and name of each language, in its own words; English first."""
    folders = sorted(found.parent.parent.name for found in LOCALES.glob("*/LC_MESSAGES/django.mo"))
    return [("en", "English"), *((to_language(name), _name(name)) for name in folders)]


def _name(folder: str) -> str:
    name = Locale.parse(folder).get_display_name() or folder
    return f"{name[:1].upper()}{name[1:]}"
