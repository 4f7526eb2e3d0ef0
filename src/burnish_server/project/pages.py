"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def sandbox(_request: HttpRequest) -> dict[str, bool]:
    """Tell templates whether the sandbox is on, as `sandbox`."""
    return {"sandbox": settings.BURNISH.sandbox}


def login(_request: HttpRequest) -> dict[str, Any]:
    """Tell templates how people come in: by which `methods`, and whether there are `passwords`."""
    options = settings.BURNISH.login
    return {"methods": options.methods, "passwords": options.passwords != "off"}


def languages(_request: HttpRequest) -> dict[str, list[tuple[str, str]]]:
    """Tell templates which languages there are, each by its own name, as `languages`."""
    return {"languages": settings.LANGUAGES}
