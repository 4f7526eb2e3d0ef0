"""Who is at the door: what an event's context says of the request that caused it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_supported_language_variant

from burnish.events.context import Context, TriggeredBy
from burnish_server.identity import languages
from burnish_server.identity.sent import sent


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
    by_person = triggered_by == "user"
    app = sent(request) if by_person else {}
    return Circumstances(
        triggered_by=triggered_by,
        ip_address=request.META.get("REMOTE_ADDR", ""),
        user_agent=request.META.get("HTTP_USER_AGENT", "")[:1000],
        languages=languages.preferred(request) if by_person else languages.accepted(request),
        language=_supported(get_language()),
        url=request.build_absolute_uri(request.path),
        client_id=str(app.get("client_id", "")),
        state=str(app.get("state", "")),
        x_state=str(app.get("x_state", "")),
    )


def _supported(language: str | None) -> str:
    try:
        return get_supported_language_variant(language or settings.LANGUAGE_CODE)
    except LookupError:
        return settings.LANGUAGE_CODE
