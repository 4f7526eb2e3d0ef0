"""Carrying out an order: from the first row that is not done to the last."""

import asyncio
import gc
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from burnish import __version__
from burnish.enrichment.files import apart, together
from burnish.enrichment.files.block import Batch
from burnish.enrichment.files.ending import STDIO
from burnish.enrichment.files.fault import Unusable
from burnish.enrichment.files.journal import Journal
from burnish.enrichment.files.looking import Looking
from burnish.enrichment.files.order import Order, Ready
from burnish.enrichment.files.output import Output, side_of
from burnish.enrichment.files.purse import REST, Halted, Purse
from burnish.enrichment.files.recipe import Done
from burnish.enrichment.files.tally import Tally
from burnish.enrichment.meter import LocalMeter
from burnish.outbound import Outbound

SIZE_APART, SIZE_TOGETHER = 2000, 500
"""How many rows go to a process at once, and how many of them wait for their last on the loop."""

Watch: TypeAlias = Callable[[Tally, float | None], None]
"""Is told what came of the rows so far, and how much of the file is read."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run: the count, money, rows done by a run before, and the side file.

    `unmade` is how many lookups there was no money for.
    """

    tally: Tally
    spent: Decimal
    unmade: int
    resumed: int
    side: Path | None
    seconds: float


def run(
    ready: Ready,
    watch: Watch = lambda tally, part: None,
    say: Callable[[str], None] = lambda words: None,
) -> Report:
    """Enrich the file. Raises `Unusable`; whatever stops it, the same order goes on from there.

    `say` is told in a sentence which vendor is waited for. Where some had no answer at last, the
    answers there are stay, and the same order asks for the others.
    """
    began = time.monotonic()
    order, layout = ready.order, ready.recipe.layout
    is_kept = STDIO not in (order.source, order.target)
    journal = _journal(ready) if is_kept else Journal(Path(tempfile.mkdtemp("burnish")))
    try:
        output = Output(layout, order.target, journal)
        resumed = output.tally.rows + output.tally.broken
        purse = Purse(LocalMeter(REST), journal, order.budget, say)

        def take(done: Done) -> None:
            output.take(done)
            output.tally.cost = purse.spent
            watch(output.tally, ready.source.part())

        # What is remembered makes no cycles, and going through all of it again takes time.
        thresholds = gc.get_threshold()
        gc.set_threshold(100_000, 20, 100)
        try:
            _fill(ready, journal, purse, output.row, take)
        except BaseException:
            output.mark()
            output.close()
            raise
        finally:
            gc.set_threshold(*thresholds)
        side = output.finish()
        seconds = time.monotonic() - began
        report = Report(output.tally, purse.spent, purse.used_up, resumed, side, seconds)
    except BaseException as error:
        journal.close() if is_kept else journal.remove()
        if isinstance(error, Halted) and is_kept:
            raise Halted(f"{error} {_done(order, output)}") from None
        raise
    if is_kept and report.tally.count("unanswered"):
        journal.leave_open(_about(ready))
        journal.close()
    else:
        journal.remove()
    return report


def _done(order: Order, output: Output) -> str:
    rows = output.tally.rows + output.tally.broken
    return (
        f"{rows:,} rows of {order.target} are done; the same command goes on from there, with "
        "--force where the configuration changed, and asks nothing again that was answered."
    )


def _fill(
    ready: Ready, journal: Journal, purse: Purse, skip: int, take: Callable[[Done], None]
) -> None:
    order = ready.order
    if ready.is_local:
        batches = ready.source.batches(skip, SIZE_APART)
        filler = ready.recipe.filler(ready.setup, Looking(Outbound()))
        apart.fill(ready.recipe, filler, batches, order.processes or os.cpu_count() or 1, take)
    else:
        asyncio.run(_ask(ready, journal, purse, ready.source.batches(skip, SIZE_TOGETHER), take))


async def _ask(
    ready: Ready,
    journal: Journal,
    purse: Purse,
    batches: Iterator[Batch],
    take: Callable[[Done], None],
) -> None:
    outbound = Outbound.of_environment()
    lookups = Looking(outbound, shared=journal, purse=purse, pepper=journal.pepper)
    filler = ready.recipe.filler(ready.setup, lookups)
    try:
        await together.fill(ready.recipe, filler, batches, ready.order.concurrency, take)
    finally:
        await lookups.close()


def _journal(ready: Ready) -> Journal:
    """Open the journal beside the output. Raises `Unusable` where it is about something else."""
    order = ready.order
    folder = order.target.with_name(f"{order.target.name}.burnish")
    if not order.target.parent.is_dir():
        raise Unusable(f"There is no folder {order.target.parent} to write to.")
    about = _about(ready)
    journal = Journal(folder) if folder.exists() else None
    goes_on = journal is not None and journal.is_open and journal.about() == about
    for path in (order.target, side_of(order.target, ready.recipe.layout.target)):
        if path.exists() and not order.force and not goes_on:
            if journal:
                journal.close()
            raise Unusable(f"{path} exists already; --force writes over it.")
    journal = journal or Journal(folder)
    before = journal.about()
    if before is None or (order.force and before != about):
        journal.begin(about)
    elif differing := [name for name in about if about[name] != before.get(name)]:
        journal.close()
        words = " and ".join(_WORDS.get(name, f"--{name}") for name in differing)
        raise Unusable(
            f"{folder} holds a run that was not finished, and since then {words} changed. "
            "--force begins with the first row again; what was answered is not asked again."
        )
    return journal


_WORDS = {"file": "the input file", "settings": "the configuration", "version": "Burnish"}


def _about(ready: Ready) -> dict[str, Any]:
    """Return what must be the same for a run to be gone on with."""
    order, recipe = ready.order, ready.recipe
    stat = os.stat(order.source)
    settings = b"" if order.config is None else order.config.read_bytes()
    return {
        "file": [str(order.source.absolute()), stat.st_size, stat.st_mtime_ns],
        "settings": hashlib.sha256(settings).hexdigest(),
        "version": __version__,
        "want": list(recipe.want),
        "column": dict(recipe.columns),
        "granted": list(recipe.granted),
        "format": [recipe.layout.source, recipe.layout.target],
    }
