"""How far a run over a file has come: a bar in a terminal, elsewhere a line now and then."""

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from burnish.enrichment.files.tally import Tally

LINE_SECONDS = 10.0


class Watching:
    """Shows rows, their rate, how much of what is wanted was found, and what was spent."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._began = self._said = time.monotonic()
        self._rows_before: int | None = None

    def __call__(self, tally: Tally, part: float | None) -> None:
        """Show how far it is."""
        words = self._words(tally)
        if self._bar is not None:
            total = None if part is None else 100.0
            self._bar.update(
                self._bar.task_ids[0], completed=(part or 0.0) * 100, total=total, words=words
            )
        elif time.monotonic() - self._said >= LINE_SECONDS:
            self._said = time.monotonic()
            share = "" if part is None else f"{part:.0%}: "
            sys.stderr.write(f"{share}{words}\n")
            sys.stderr.flush()

    def say(self, words: str) -> None:
        """Show a sentence, above the bar where there is one."""
        if self._bar is not None:
            self._bar.console.print(words, highlight=False, markup=False)
        else:
            sys.stderr.write(f"{words}\n")
            sys.stderr.flush()

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._bar = Progress(
                BarColumn(),
                TaskProgressColumn(),
                TextColumn("{task.fields[words]}"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.add_task("", total=100.0, words="")
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _words(self, tally: Tally) -> str:
        rows = tally.rows + tally.broken
        if self._rows_before is None:
            self._rows_before = 0
        seconds = max(time.monotonic() - self._began, 0.001)
        rate = (rows - self._rows_before) / seconds
        words = f"{rows:,} rows, {rate:,.0f}/s"
        if tally.wanted:
            words += f", {tally.hit_rate:.0%} found"
        return f"{words}, {tally.cost:f} spent" if tally.cost else words
