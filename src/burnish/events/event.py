"""What every event has in common: its name, its payload, its envelope."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from burnish.events.context import Context


class Event(ABC):
    """Something that happens to a user. A blocking one may be refused or changed by a hook."""

    type: ClassVar[str]
    blocking: ClassVar[bool]
    may_return: ClassVar[frozenset[str]] = frozenset()
    """Members a hook's answer may have beside `is_allowed: true`."""

    @abstractmethod
    def payload(self) -> dict[str, Any]:
        """Return `payload` of the envelope."""


def envelope(type: str, payload: dict[str, Any], seq: int, context: Context) -> dict[str, Any]:
    """Return what a hook is given: `id`, `seq`, `type`, `payload` and `context`."""
    return {
        "id": f"{seq:016x}",
        "seq": seq,
        "type": type,
        "payload": payload,
        "context": context.as_json(),
    }
