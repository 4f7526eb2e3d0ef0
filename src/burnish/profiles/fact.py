"""A fact: what one source said of one attribute."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self

Group = Literal["standard", "custom"]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a source (`user`, `admin`, `hook:NAME`) said of an attribute, and when.

    `key` is the attribute's name in the group `standard`, its id in the group `custom`.
    """

    group: Group
    key: str
    value: Any
    source: str
    observed_at: datetime

    def as_json(self) -> dict[str, Any]:
        """Return what is stored under the fact's group, key and source."""
        return {"value": self.value, "observed_at": self.observed_at.isoformat()}

    @classmethod
    def from_json(cls, group: Group, key: str, source: str, stored: Mapping[str, Any]) -> Self:
        """Return the fact stored under this group, key and source."""
        observed_at = datetime.fromisoformat(stored["observed_at"])
        return cls(group, key, stored["value"], source, observed_at)
