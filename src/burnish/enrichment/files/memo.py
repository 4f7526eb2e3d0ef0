"""What was worked out before."""

from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")

MOST = 20_000
"""How many answers are remembered, at most twice over."""


class Memo(Generic[T]):
    """Remembers at least the last `most` that were used: what is older goes all at once."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._young: dict[Hashable, T] = {}
        self._old: dict[Hashable, T] = {}

    def get(self, key: Hashable) -> T | None:
        """Return what is remembered, or None."""
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.keep(key, found)
        return found

    def keep(self, key: Hashable, value: T) -> None:
        """Remember a value."""
        if len(self._young) >= self._most:
            self._old, self._young = self._young, {}
        self._young[key] = value
