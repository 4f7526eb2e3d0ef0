"""Whether something is an event as hooks get it, for those who write one by hand."""

from typing import Any

from burnish.events.catalogue import CATALOGUE
from burnish.events.oidc import TokenPreCreate

_GROUPS = ("standard_attributes", "custom_attributes")


def refuse(event: Any) -> str | None:
    """Return why this is no event a hook could be given, or None."""
    if not isinstance(event, dict) or event.get("type") not in CATALOGUE:
        return "An event is an object, and its type one of those there are."
    if not all(isinstance(event.get(part), dict) for part in ("payload", "context")):
        return "An event has a payload and a context, both objects."
    kind = CATALOGUE[event["type"]]
    if issubclass(kind, TokenPreCreate):
        token = event["payload"].get(kind.member)
        if not isinstance(token, dict) or not isinstance(token.get("payload"), dict):
            return f"The payload has {kind.member}, an object with a payload of its own."
    user = event["payload"].get("user", {one: {} for one in _GROUPS})
    if not isinstance(user, dict) or not all(isinstance(user.get(one), dict) for one in _GROUPS):
        return "The payload's user has standard_attributes and custom_attributes, both objects."
    return None
