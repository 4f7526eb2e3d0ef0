"""The key of the bot protection's widget, where this way in is protected."""

from typing import Any

from django import template
from django.conf import settings

from burnish_server.identity import bot_protection

register = template.Library()


@register.simple_tag(takes_context=True)
def turnstile_key(context: dict[str, Any]) -> str:
    """Return the widget's key, or nothing where nobody asks for it."""
    request = context.get("request")
    if request is None or not bot_protection.wanted(request):
        return ""
    return str(settings.BURNISH.turnstile.site_key)
