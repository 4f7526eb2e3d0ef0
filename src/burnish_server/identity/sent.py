"""What an app sent somebody with who comes here to sign in for it."""

import time
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

SENT = "sent_by_app"
"""In the session: the app that sent somebody here to sign in, and what it sent them with."""

SENT_SECONDS = 3600
"""How long somebody who has not come back yet is taken to be on their way to that app."""


def sent(request: HttpRequest) -> Mapping[str, Any]:
    """Return what an app sent somebody with who signs in for it; nothing for all others."""
    session = getattr(request, "session", None)
    said: Mapping[str, Any] = (session.get(SENT) if session is not None else None) or {}
    return said if said.get("at", 0) > time.time() - SENT_SECONDS else {}
