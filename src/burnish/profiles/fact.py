"""A fact: what one source said of one attribute."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, Literal, Self

from burnish.attributes.schema import Group as Group

Attribute = tuple[Group, str]
"""A group and a key in it."""

Standing = Literal["person", "administrator", "social", "guess"]
"""Whose word a fact is, the weightiest first."""


class Nothing(Enum):
    """The value of a fact that says there is none."""

    NOTHING = "nothing"


NOTHING = Nothing.NOTHING


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
    the standing of whoever the operation is by, `user` or `admin`, and an import an
    administrator's. A value of `NOTHING` says that the attribute has none: whoever deletes a value
    says so.

    `locked` makes an administrator's word the last one. `refused` remembers that the person
    deleted what this source said; the source is not heard again on this attribute.
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
    locked: bool = False
    refused: bool = False

    @property
    def attribute(self) -> Attribute:
        """What this is about."""
        return self.group, self.key

    @property
    def standing(self) -> Standing:
        """Whose word this is."""
        return _standing(self.author or self.source)

    @property
    def origin(self) -> Standing:
        """Whose word this would be if no operation had lent it its author's standing."""
        return _standing(self.source)

    def is_live(self, now: datetime) -> bool:
        """Return whether the fact has not expired."""
        return self.expires_at is None or now < self.expires_at

    def as_json(self) -> dict[str, Any]:
        """Return what is stored under the fact's group, key and source."""
        stored: dict[str, Any] = {"observed_at": self.observed_at.isoformat()}
        if self.value is not NOTHING:
            stored["value"] = self.value
        if self.confidence != 1.0:
            stored["confidence"] = self.confidence
        if self.expires_at is not None:
            stored["expires_at"] = self.expires_at.isoformat()
        for name in ("run", "author", "locked", "refused"):
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
            stored.get("value", NOTHING),
            source,
            datetime.fromisoformat(stored["observed_at"]),
            stored.get("confidence", 1.0),
            datetime.fromisoformat(expires_at) if expires_at else None,
            stored.get("run"),
            stored.get("author"),
            stored.get("locked", False),
            stored.get("refused", False),
        )

    def replaces(self, rival: "Fact") -> bool:
        """Return whether this one is kept rather than another of the same source on the same.

        The newer is kept; but an edit within an operation outlasts guesses of the same hook, and
        a guess the person refused stays refused.
        """
        ours, theirs = self._lasting(), rival._lasting()
        return ours > theirs or (ours == theirs and self.wins_tie(rival))

    def _lasting(self) -> tuple[bool, bool, datetime]:
        return self.standing in ("person", "administrator"), self.refused, self.observed_at

    def wins_tie(self, rival: "Fact") -> bool:
        """Return whether this one counts of two facts that are alike in all that matters."""
        if self.source != rival.source:
            return self.source > rival.source
        return self._written() > rival._written()

    def _written(self) -> str:
        return json.dumps(self.as_json(), sort_keys=True)
