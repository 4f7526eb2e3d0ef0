"""What to do with rows: small enough to be sent to another process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from burnish.enrichment.files.block import Batch, Block
from burnish.enrichment.files.fault import Note
from burnish.enrichment.files.filler import Filler
from burnish.enrichment.files.layout import Layout
from burnish.enrichment.files.looking import Looking
from burnish.enrichment.files.part import Said
from burnish.enrichment.files.tally import Tally
from burnish.enrichment.setup import Setup


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is wanted of rows, and how they are read and written.

    `columns` are the rows' by input, `config` is the file in which providers are set up.
    """

    layout: Layout
    want: tuple[str, ...]
    columns: Mapping[str, str]
    granted: tuple[str, ...] = ()
    config: Path | None = None

    def filler(self, setup: Setup, lookups: Looking) -> Filler:
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


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in hand: those that can be read, and what is wrong with the others."""

    batch: Batch
    block: Block
    broken: list[Note]

    @classmethod
    def of(cls, batch: Batch, layout: Layout) -> "Rows":
        """Read a batch."""
        return cls(batch, *layout.decode(batch))

    def done(self, layout: Layout, filler: Filler, answers: Sequence[Sequence[Said]]) -> Done:
        """Return the rows as they are to be written, with answers, of each part one a row."""
        filled = filler.filled(self.block, answers)
        filled.tally.broken = len(self.broken)
        output = layout.encode(self.block, filled.columns, filled.notes)
        filled.tally.noted = len(filled.notes)
        notes = sorted([*self.broken, *filled.notes], key=lambda note: note.row)
        return Done(self.batch.first + self.batch.count - 1, output, notes, filled.tally)
