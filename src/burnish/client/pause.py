"""Waiting, in each of the two faces' ways."""

import time

import anyio


def pause(seconds: float) -> None:
    """Wait with the thread."""
    time.sleep(seconds)


async def apause(seconds: float) -> None:
    """Wait beside the event loop."""
    await anyio.sleep(seconds)
