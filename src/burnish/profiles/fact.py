"""A fact: what one source said of one attribute."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, Self

Group = Literal["standard", "custom"]

Standing = Literal["person", "administrator", "social", "guess"]
"""Whose word a fact is, the weightiest first."""


@lru_cache(maxsize=1024)
def _standing(source: str) -> Standing:
    match source.partition(":")[0]:
        case "user" | "question":
            return "person"
        case "admin":
            return "administrator"
        case "social":
            return "social"
        case _:
            return "guess"


@dataclass(frozen=True, slots=True)
class Fact:
    """What a source said of an attribute, how surely, when, and until when it holds.

    `key` is the attribute's name in the group `standard`, its id in the group `custom`. A source
    is `user`, `admin`, `social:google`, `hook:NAME`, `provider:KEY`, `import:RUN` or
    `question:KEY`; `confidence` is from 0 to 1. `author` gives a hook's edit within an operation
    the standing of whoever the operation is by, `user` or `admin`.
    """

    group: Group
    key: str
    value: Any
    source: str
    observed_at: datetime
    confidence: float = 1.0
    expires_at: datetime | None = None
    run: str | None = None
    author: str | None = None

    @property
    def standing(self) -> Standing:
        """Whose word this is."""
        return _standing(self.author or self.source)

    def is_live(self, now: datetime) -> bool:
        """Return whether the fact has not expired."""
        return self.expires_at is None or now < self.expires_at

    def as_json(self) -> dict[str, Any]:
        """Return what is stored under the fact's group, key and source."""
        stored: dict[str, Any] = {"value": self.value, "observed_at": self.observed_at.isoformat()}
        if self.confidence != 1.0:
            stored["confidence"] = self.confidence
        if self.expires_at is not None:
            stored["expires_at"] = self.expires_at.isoformat()
        for name in ("run", "author"):
            if value := getattr(self, name):
                stored[name] = value
        return stored

    @classmethod
    def from_json(cls, group: Group, key: str, source: str, stored: Mapping[str, Any]) -> Self:
        """Return the fact stored under this group, key and source."""
        expires_at = stored.get("expires_at")
        return cls(
            group,
            key,
            stored["value"],
            source,
            datetime.fromisoformat(stored["observed_at"]),
            stored.get("confidence", 1.0),
            datetime.fromisoformat(expires_at) if expires_at else None,
            stored.get("run"),
            stored.get("author"),
        )

    def wins_tie(self, rival: "Fact") -> bool:
        """Return whether this one counts of two facts that are alike in all that matters."""
        if self.source != rival.source:
            return self.source > rival.source
        return self._written() > rival._written()

    def _written(self) -> str:
        return json.dumps(self.as_json(), sort_keys=True)
