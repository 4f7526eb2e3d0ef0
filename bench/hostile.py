"""Do seven hooks answer, and how fast, while an eighth does its worst?"""

import asyncio
import logging

import structlog
from tests.library.hooks.hostile import WAYS, beside_attacks

from bench.measure import show

SECONDS = 60
METHOD = (
    f"Eight hooks called at once for {SECONDS} s, each again 10 ms after it answered; the eighth "
    f"is hostile in {len(WAYS)} ways, one after the other. Owed: 100 % answered, p99 under 50 ms."
)


def bench() -> None:
    """Print the table."""
    # Each process that is ended says so, and there are hundreds.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    told = asyncio.run(beside_attacks(SECONDS))
    good = 100 * (1 - len(told.failed) / len(told.took))
    figures = (len(told.took), len(told.attacks))
    row = (*(f"{one:,}" for one in figures), f"{good:.2f} %")
    times = (f"{told.percentile(50):.1f}", f"{told.percentile(99):.1f}")
    show("hostile", METHOD, ("calls", "attacks", "answered", "p50 ms", "p99 ms"), [(*row, *times)])
