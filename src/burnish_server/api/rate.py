"""How often a program may call: so many requests a minute for each key.

Each process counts by itself what it serves, and the limit is shared out among the processes of a
machine; no request waits for a counter. The headers are those of the IETF's draft "RateLimit
header fields for HTTP".
"""

import threading
import time
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

WINDOW = 60
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a key may still ask for: `resets` is in how many seconds it is full again."""

    limit: int
    left: int
    resets: int

    @property
    def spent(self) -> bool:
        """Whether this very request is one too many."""
        return self.left < 0

    def as_headers(self) -> dict[str, str]:
        """Return it as the caller is told."""
        return {
            "RateLimit-Policy": f'"key";q={self.limit};w={WINDOW}',
            "RateLimit": f'"key";r={max(self.left, 0)};t={self.resets}',
        }


class Counter:
    """Counts requests by key, in windows of a minute that begin with a key's first request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[UUID, tuple[float, int]] = {}

    def take(self, key: UUID, limit: int, now: float) -> Budget:
        """Count one request at this moment, in seconds, and return what is left."""
        with self._lock:
            began, count = self._counts.get(key, (now, 0))
            if now - began >= WINDOW:
                began, count = now, 0
            self._counts[key] = began, count + 1
        return Budget(limit, limit - count - 1, max(1, round(WINDOW - (now - began))))

    def clear(self) -> None:
        """Forget everything counted."""
        with self._lock:
            self._counts.clear()


counter = Counter()


def take(key: UUID) -> Budget:
    """Count one request of a key in this process, and return what it may still ask for."""
    options = settings.BURNISH
    limit = max(1, options.api.requests_per_minute // options.web.workers)
    return counter.take(key, limit, time.monotonic())
