"""How a bench counts."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Timing:
    """Milliseconds of many calls, and how many were done a second."""

    p50: float
    p95: float
    rate: float


def timing(call: Callable[[], object], calls: int, threads: int = 1, pause: float = 0.0) -> Timing:
    """Call `calls` times from `threads` threads; a call that raises ends the bench.

    A thread rests for `pause` seconds before each call, which counts for the rate alone.
    """

    def timed(_: int) -> float:
        time.sleep(pause)
        started = time.perf_counter()
        call()
        return (time.perf_counter() - started) * 1000

    started = time.perf_counter()
    if threads == 1:
        taken = [timed(index) for index in range(calls)]
    else:
        with ThreadPoolExecutor(threads) as pool:
            taken = list(pool.map(timed, range(calls)))
    seconds = time.perf_counter() - started
    percentiles = statistics.quantiles(taken, n=100, method="inclusive")
    return Timing(percentiles[49], percentiles[94], calls / seconds)


def show(title: str, method: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a table with the method below it."""
    table = Table(*columns, title=title, caption=method, caption_justify="left")
    for row in rows:
        table.add_row(*row)
    Console(width=110).print(table)
