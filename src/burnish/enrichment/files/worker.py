"""Whoever fills rows: with all it needs, in this process or in one of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from burnish.enrichment.files.block import Batch, Block
from burnish.enrichment.files.fault import Note
from burnish.enrichment.files.filler import Filled, Filler
from burnish.enrichment.files.layout import Layout
from burnish.enrichment.files.looking import Looking
from burnish.enrichment.files.tally import Tally
from burnish.enrichment.lookup import Lookups
from burnish.enrichment.setup import Setup
from burnish.enrichment.unconfigured import setup_of
from burnish.outbound import Outbound


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to do with rows; small enough to be sent to another process.

    `columns` are the rows' by input, `config` is the file in which providers are set up.
    """

    layout: Layout
    want: tuple[str, ...]
    columns: Mapping[str, str]
    granted: tuple[str, ...] = ()
    config: Path | None = None

    def filler(self, setup: Setup, lookups: Lookups) -> Filler:
        """Return what fills rows."""
        present = set(self.want) & set(self.layout.names)
        return Filler(setup, lookups, self.want, self.columns, present, self.granted)


@dataclass(frozen=True, slots=True)
class Done:
    """Rows that were filled, as they are to be written; up to which row, and what went wrong."""

    last: int
    output: bytes
    notes: list[Note]
    tally: Tally


class Worker:
    """Fills rows by local providers."""

    def __init__(self, recipe: Recipe) -> None:
        self._layout = recipe.layout
        self._filler = recipe.filler(setup_of(recipe.config), Looking(Outbound()))

    def work(self, batch: Batch) -> Done:
        """Return a batch's rows as they are to be written."""
        block, broken = self._layout.decode(batch)
        return finished(self._layout, batch, block, broken, self._filler.fill(block))


def finished(
    layout: Layout, batch: Batch, block: Block, broken: list[Note], filled: Filled
) -> Done:
    """Return a batch's rows as they are to be written."""
    filled.tally.broken = len(broken)
    notes = sorted([*broken, *filled.notes], key=lambda note: note.row)
    output = layout.encode(block, filled.columns)
    return Done(batch.first + batch.count - 1, output, notes, filled.tally)
