"""What every event has in common: its name, its payload, its envelope."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar


class Event(ABC):
    """Something that happens to a user. A blocking one may be refused or changed by a hook."""

    type: ClassVar[str]
    blocking: ClassVar[bool] = False
    may_return: ClassVar[frozenset[str]] = frozenset()
    """Members a hook's answer may have beside `is_allowed: true`."""

    @abstractmethod
    def payload(self) -> dict[str, Any]:
        """Return `payload` of the envelope."""


def envelope(
    type: str, payload: Mapping[str, Any], seq: int, context: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a hook is given: `id`, `seq`, `type`, `payload` and `context`."""
    return {
        "id": event_id(seq),
        "seq": seq,
        "type": type,
        "payload": payload,
        "context": context,
    }


def event_id(seq: int) -> str:
    """Return an event's id: its number as 16 hexadecimal digits."""
    return f"{seq:016x}"
