"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest


def sandbox(_request: HttpRequest) -> dict[str, bool]:
    """Tell templates whether the sandbox is on, as `sandbox`."""
    return {"sandbox": settings.BURNISH.sandbox}
