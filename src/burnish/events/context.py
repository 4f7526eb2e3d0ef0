"""The circumstances of an event: who caused it, from where, when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

TriggeredBy = Literal["user", "admin_api", "system", "portal"]

_OPTIONAL = ("ip_address", "user_agent", "app_id", "client_id", "tracking_id")


@dataclass(frozen=True, slots=True)
class Context:
    """`context` of the event envelope. Optional members are left out when empty.

    `timestamp` is in Unix seconds; `state` and `x_state` are those of the authorization request.
    """

    timestamp: int
    triggered_by: TriggeredBy
    user_id: str | None = None
    audit_context: Mapping[str, Any] = field(default_factory=dict)
    preferred_languages: tuple[str, ...] = ()
    language: str = "en"
    geo_location_code: str | None = None
    state: str = ""
    x_state: str = ""
    ip_address: str = ""
    user_agent: str = ""
    app_id: str = ""
    client_id: str = ""
    tracking_id: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the context as it goes to hooks."""
        context = {
            "timestamp": self.timestamp,
            "user_id": self.user_id,
            "triggered_by": self.triggered_by,
            "audit_context": dict(self.audit_context),
            "preferred_languages": list(self.preferred_languages),
            "language": self.language,
            "geo_location_code": self.geo_location_code,
        }
        states = (("state", self.state), ("x_state", self.x_state))
        if oauth := {name: value for name, value in states if value}:
            context["oauth"] = oauth
        for name in _OPTIONAL:
            if value := getattr(self, name):
                context[name] = value
        return context
