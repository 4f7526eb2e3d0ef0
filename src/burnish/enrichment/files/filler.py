"""Filling rows: for each, the attributes that are wanted and that it does not have yet."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from burnish.enrichment import plan
from burnish.enrichment.files.block import Block, content_of
from burnish.enrichment.files.component import components
from burnish.enrichment.files.fault import Note
from burnish.enrichment.files.memo import MOST
from burnish.enrichment.files.part import EMPTY, Part, Question, Said, is_there
from burnish.enrichment.files.tally import Tally
from burnish.enrichment.lookup import Lookups
from burnish.enrichment.setup import Setup


@dataclass(slots=True)
class Filled:
    """New columns by attribute, what went wrong in which row, and the count of it all."""

    columns: dict[str, Sequence[Any]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


class Filler:
    """Fills rows by the waterfalls of a setup."""

    def __init__(
        self,
        setup: Setup,
        lookups: Lookups,
        want: Sequence[str],
        columns: Mapping[str, str],
        present: Collection[str] = (),
        granted: Collection[str] = (),
        remembered: int = MOST,
    ) -> None:
        """Keep what is wanted; `columns` are the rows' by input.

        `present` are wanted attributes the rows have a column for: what stands there stays.
        """
        self._want = tuple(want)
        self._present = frozenset(present)
        self._turn = asyncio.Lock()
        may = plan.may(setup, EMPTY, granted)
        self.parts = [
            Part(setup, lookups, component, columns, self._present, may, remembered)
            for component in components(setup, want, columns)
        ]

    def fill(self, block: Block) -> Filled:
        """Fill rows by local providers alone, without any waiting."""
        answers = [list(map(part.look, part.questions(block))) for part in self.parts]
        return self._filled(block, answers)

    async def fill_slowly(self, block: Block, places: asyncio.Semaphore) -> Filled:
        """Fill rows by whoever is asked, as many at once as there are places."""
        tasks: list[asyncio.Task[list[Said]]] = []
        try:
            async with self._turn:  # earlier rows first
                for row in zip(*(part.questions(block) for part in self.parts), strict=True):
                    await places.acquire()
                    task = asyncio.create_task(self._row(row))
                    task.add_done_callback(lambda _: places.release())
                    tasks.append(task)
            rows = await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            raise
        return self._filled(block, list(zip(*rows, strict=True)))

    async def _row(self, questions: Sequence[Question]) -> list[Said]:
        asked = [
            part.ask(question)
            for part, question in zip(self.parts, questions, strict=True)
            if not part.is_local
        ]
        answers = iter(await asyncio.gather(*asked) if len(asked) > 1 else [await asked[0]])
        return [
            part.look(question) if part.is_local else next(answers)
            for part, question in zip(self.parts, questions, strict=True)
        ]

    def _filled(self, block: Block, answers: Sequence[Sequence[Said]]) -> Filled:
        filled = Filled(tally=Tally(rows=len(block.numbers)))
        columns: dict[str, Sequence[Any]] = {}
        for part, said in zip(self.parts, answers, strict=True):
            for one in said:
                if one.lookups:
                    filled.tally.take(one.lookups)
            found = zip(*(one.values for one in said), strict=True)
            columns |= dict(zip(part.attributes, found, strict=False))
        for name in self._want:
            filled.columns[name] = self._merged(block, name, columns.get(name, ()), filled.tally)
        filled.notes = _notes(block, answers)
        filled.tally.noted = len(filled.notes)
        return filled

    def _merged(self, block: Block, name: str, found: Sequence[Any], tally: Tally) -> Sequence[Any]:
        """Return a column, in which what stood there before stays."""
        missing = found.count(None)
        tally.filled[name] += len(found) - missing
        if name not in self._present:
            tally.wanted += len(found)
            return found
        before = block.column(name)
        there = [is_there(value) for value in before]
        tally.wanted += len(there) - sum(there)
        return [old if stays else new for old, stays, new in zip(before, there, found, strict=True)]


def _notes(block: Block, answers: Sequence[Sequence[Said]]) -> list[Note]:
    """Return what went wrong, each once a row."""
    noted: dict[tuple[int, str], str] = {}
    for said in answers:
        for place, one in enumerate(said):
            for at, reason in one.notes:
                noted[place, at] = reason
    if not noted:
        return []
    rows = list(block.objects())
    return [
        Note(block.numbers[place], at, reason, content_of(rows[place]))
        for (place, at), reason in sorted(noted.items())
    ]
