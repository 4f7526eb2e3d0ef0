"""How long hooks and providers took lately: whoever is not asked about waits as long."""

import random
from collections import defaultdict, deque

KEPT = 32
"""Durations of each kind that are remembered by a process."""


class RecentDurations:
    """The latest durations in seconds, by kind."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._kept: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=KEPT))

    def note(self, kind: str, seconds: float) -> None:
        """Remember how long it took this time."""
        self._kept[kind].append(seconds)

    def draw(self, kind: str) -> float | None:
        """Return one of them by chance, so that a pretended run varies as real ones do.

        None: there are none yet.
        """
        kept = self._kept[kind]
        return random.choice(kept) if kept else None  # noqa: S311 - to look alike, not to be secret
