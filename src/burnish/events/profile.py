"""Events of our own, about what is known of a user."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from burnish.events.entities import User, timestamp
from burnish.events.event import Event
from burnish.events.user import AttributeChange


@dataclass(frozen=True, slots=True)
class ProfileEnriched(Event):
    """A source that is not the user filled attributes in, or changed what it had said.

    `sources` says which attributes each source (`provider:KEY`, `hook:NAME`) gave.
    """

    type: ClassVar[str] = "profile.enriched"

    user: User
    sources: Mapping[str, Sequence[str]]
    changes: Sequence[AttributeChange]

    def payload(self) -> dict[str, Any]:
        return {
            "user": self.user.as_json(),
            "sources": {source: list(names) for source, names in self.sources.items()},
            "changes": [change.as_json() for change in self.changes],
        }


@dataclass(frozen=True, slots=True)
class ProfileFactExpired(Event):
    """What a source had said of an attribute holds no longer, and the profile has changed by it."""

    type: ClassVar[str] = "profile.fact.expired"

    user: User
    attribute: str
    source: str
    expired_at: datetime
    changes: Sequence[AttributeChange]

    def payload(self) -> dict[str, Any]:
        return {
            "user": self.user.as_json(),
            "attribute": self.attribute,
            "source": self.source,
            "expired_at": timestamp(self.expired_at),
            "changes": [change.as_json() for change in self.changes],
        }
