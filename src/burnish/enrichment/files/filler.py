"""Filling rows: for each, the attributes that are wanted and that it does not have yet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from burnish.enrichment import plan
from burnish.enrichment.files.block import Block
from burnish.enrichment.files.component import components
from burnish.enrichment.files.fault import Note
from burnish.enrichment.files.looking import Looking
from burnish.enrichment.files.part import EMPTY, Part, Said, is_there
from burnish.enrichment.files.tally import Tally
from burnish.enrichment.setup import Setup


@dataclass(slots=True)
class Filled:
    """New columns by attribute, what went wrong in which row, and the count of it all."""

    columns: dict[str, Sequence[Any]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


class Filler:
    """Fills rows by the waterfalls of a setup: `parts` are what is looked up for each row."""

    def __init__(
        self,
        setup: Setup,
        lookups: Looking,
        want: Sequence[str],
        columns: Mapping[str, str],
        present: Collection[str] = (),
        granted: Collection[str] = (),
    ) -> None:
        """Keep what is wanted; `columns` are the rows' by input.

        `present` are wanted attributes the rows have a column for: what stands there stays.
        """
        self._want = tuple(want)
        self._present = frozenset(present)
        may = plan.may(setup, EMPTY, granted)
        self.parts = [
            Part(setup, lookups, component, columns, self._present, may)
            for component in components(setup, want, columns)
        ]

    def filled(self, block: Block, answers: Sequence[Sequence[Said]]) -> Filled:
        """Return rows as they are with answers, of each part one a row."""
        filled = Filled(tally=Tally(rows=len(block.numbers)))
        columns: dict[str, Sequence[Any]] = {}
        troubles: list[Sequence[Any]] = []
        for part, said in zip(self.parts, answers, strict=True):
            *values, notes = zip(*said, strict=True) if said else ((),) * (len(part.attributes) + 1)
            columns |= dict(zip(part.attributes, values, strict=True))
            if any(notes):
                troubles.append(notes)
        for name in self._want:
            filled.columns[name] = self._merged(block, name, columns[name], filled.tally)
        filled.notes = _notes(block, troubles)
        filled.tally.noted = len(filled.notes)
        return filled

    def _merged(self, block: Block, name: str, found: Sequence[Any], tally: Tally) -> Sequence[Any]:
        """Return a column, in which what stood there before stays."""
        tally.filled[name] += len(found) - found.count(None)
        if name not in self._present:
            tally.wanted += len(found)
            return found
        before = block.column(name)
        there = [is_there(value) for value in before]
        tally.wanted += len(there) - sum(there)
        return [old if stays else new for old, stays, new in zip(before, there, found, strict=True)]


def _notes(block: Block, troubles: Sequence[Sequence[Any]]) -> list[Note]:
    """Return what went wrong, each once a row."""
    noted: dict[tuple[int, str], str] = {}
    for notes in troubles:
        for place, one in enumerate(notes):
            for at, reason in one:
                noted[place, at] = reason
    return [
        Note(block.numbers[place], at, reason, block.content(place))
        for (place, at), reason in sorted(noted.items())
    ]
