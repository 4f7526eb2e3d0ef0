"""Who is at the door: what an event's context says of the request that caused it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from burnish.events.context import Context, TriggeredBy

SENT = "sent_by_app"
"""In the session: the app that sent somebody here to sign in, and what it sent them with."""

SENT_SECONDS = 3600
"""How long somebody who has not come back yet is taken to be on their way to that app."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of the request. Outside a request all but `triggered_by` is empty."""

    triggered_by: TriggeredBy
    ip_address: str = ""
    user_agent: str = ""
    languages: tuple[str, ...] = ()
    language: str = "en"
    url: str = ""
    audit_context: Mapping[str, Any] = field(default_factory=dict)
    """What a program says of whoever has it act."""
    client_id: str = ""
    """The app somebody signs in for; `state` and `x_state` are what it sent them with."""
    state: str = ""
    x_state: str = ""

    @property
    def author(self) -> str:
        """The source of what was typed: the user's own word, or an administrator's."""
        return "user" if self.triggered_by == "user" else "admin"

    def context(self, user_id: str | None, at: datetime) -> Context:
        """Return the context of an event at this moment."""
        audit = {**self.audit_context, **({"http_url": self.url} if self.url else {})}
        return Context(
            timestamp=int(at.timestamp()),
            triggered_by=self.triggered_by,
            user_id=user_id,
            audit_context=audit,
            preferred_languages=self.languages,
            language=self.language,
            ip_address=self.ip_address,
            user_agent=self.user_agent,
            app_id="burnish",
            client_id=self.client_id,
            state=self.state,
            x_state=self.x_state,
        )


def of(request: HttpRequest, triggered_by: TriggeredBy) -> Circumstances:
    """Return the circumstances of a request. The address is the visitor's, not a proxy's."""
    accepted = parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
    languages = tuple(tag for tag, _ in accepted if tag != "*")
    app = _app(request) if triggered_by == "user" else {}
    return Circumstances(
        triggered_by=triggered_by,
        ip_address=request.META.get("REMOTE_ADDR", ""),
        user_agent=request.META.get("HTTP_USER_AGENT", "")[:1000],
        languages=tuple(str(app.get("ui_locales", "")).split()) or languages,
        language=_supported(get_language()),
        url=request.build_absolute_uri(request.path),
        client_id=str(app.get("client_id", "")),
        state=str(app.get("state", "")),
        x_state=str(app.get("x_state", "")),
    )


def _app(request: HttpRequest) -> Mapping[str, Any]:
    """Return what an app sent somebody with who signs in for it; nothing for all others."""
    session = getattr(request, "session", None)
    sent: Mapping[str, Any] = (session.get(SENT) if session is not None else None) or {}
    return sent if sent.get("at", 0) > time.time() - SENT_SECONDS else {}


def _supported(language: str | None) -> str:
    try:
        return get_supported_language_variant(language or settings.LANGUAGE_CODE)
    except LookupError:
        return settings.LANGUAGE_CODE
