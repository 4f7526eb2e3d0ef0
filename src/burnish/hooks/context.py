"""What a hook is given beside its event: secrets by name, and a cache of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class Cache(Protocol):
    """Values one hook keeps between its calls, shared by all processes.

    A key has at most 200 characters, a value at most 64 KiB of JSON.
    """

    async def get(self, key: str) -> Any:
        """Return the value, or None where there is none or it has expired."""

    async def set(self, key: str, value: Any, ttl: float) -> None:
        """Keep a JSON value for `ttl` seconds."""


class NoCache:
    """Keeps nothing, so that what is only tried leaves no trace."""

    async def get(self, key: str) -> Any:
        """Return None: nothing is kept."""
        return None

    async def set(self, key: str, value: Any, ttl: float) -> None:
        """Keep nothing."""


@dataclass(frozen=True, slots=True)
class HookContext:
    """`ctx`, the second argument of a hook. Secrets stay out of every log."""

    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    cache: Cache = field(default_factory=NoCache, repr=False)
