"""Keeping to a vendor's rate even when this process was held up for a moment.

A meter gives out places in the rate beforehand. Whoever wakes late, because the machine was busy,
comes together with the next ones; the vendor counts what arrives, not what was meant.
"""

import asyncio
import time
from collections import deque

from burnish.enrichment.settings import Pace

WIDER = 1.02
"""The window looked at, as a multiple of the vendor's: requests do not travel equally fast."""

LONGEST = 10_000
"""A higher count is not watched; so many come together no more than a few do."""


class Pacer:
    """Lets lookups go, never more within a window than a vendor counts as its limit."""

    def __init__(self) -> None:
        self._gone: dict[str, deque[float]] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    async def go(self, provider: str, rate: Pace) -> None:
        """Wait until one more may go, those who came first before."""
        count = int(rate.count)
        if not 1 <= count <= LONGEST:
            return
        most = count - 1 if count >= 50 else count
        gone = self._gone.setdefault(provider, deque())
        async with self._turns.setdefault(provider, asyncio.Lock()):
            while (
                len(gone) >= most
                and (left := gone[0] + rate.seconds * WIDER - time.monotonic()) > 0
            ):
                await asyncio.sleep(left)
            while len(gone) >= most:
                gone.popleft()
            gone.append(time.monotonic())
