"""What was worked out before."""

from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

MOST = 100_000
"""How many answers are remembered, at most twice over."""


class Memo(Generic[T]):
    """Remembers at least the last `most` that were used: what is older goes all at once.

    Two dictionaries by turns take a fraction of the time that keeping order would.
    """

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

    def all(self, keys: Sequence[Hashable]) -> list[T | None]:
        """Return what is remembered of many."""
        if not self._old:
            return list(map(self._young.get, keys))
        return [
            found if (found := self._young.get(key)) is not None else self.get(key) for key in keys
        ]

    def keep(self, key: Hashable, value: T) -> None:
        """Remember a value."""
        if len(self._young) >= self._most:
            self._old, self._young = self._young, {}
        self._young[key] = value
