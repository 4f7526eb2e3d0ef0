"""The line that says the sandbox is on, also on error pages, which know no request."""

from django import template
from django.conf import settings

register = template.Library()


@register.inclusion_tag("identity/banner.html")
def sandbox_banner() -> dict[str, bool]:
    """Write the line, or nothing when the sandbox is off."""
    texts = "phone" in settings.BURNISH.login.methods
    return {"sandbox": settings.BURNISH.sandbox, "texts": texts}
