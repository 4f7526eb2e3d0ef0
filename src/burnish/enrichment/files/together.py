"""Filling rows on one event loop, many at once, where somebody outside is asked."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from burnish.enrichment.files.block import Batch
from burnish.enrichment.files.filler import Filler
from burnish.enrichment.files.known import Known, Room
from burnish.enrichment.files.part import Part, Question, Said
from burnish.enrichment.files.recipe import Done, Recipe, Rows
from burnish.enrichment.files.tally import Tally

AHEAD = 8
"""How many batches may be under way at once: this bounds memory."""


async def fill(
    recipe: Recipe,
    filler: Filler,
    batches: Iterator[Batch],
    concurrency: int,
    take: Callable[[Done], None],
) -> None:
    """Fill batches with so many rows under way at once, and hand them over in their order."""
    asking = _Asking(recipe, filler, batches, take)
    tasks = [asyncio.create_task(asking.go_on()) for _ in range(concurrency)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(slots=True)
class _Waiting:
    """Rows, and what was said to each."""

    rows: Rows
    answers: list[list[Said]]
    left: int
    tally: Tally = field(default_factory=Tally)


_Row: TypeAlias = tuple[_Waiting, int, Sequence[Question]]


class _Asking:
    """Takes row after row, reads on when there is none left, and writes what is done."""

    def __init__(
        self,
        recipe: Recipe,
        filler: Filler,
        batches: Iterator[Batch],
        take: Callable[[Done], None],
    ) -> None:
        self._layout = recipe.layout
        self._filler = filler
        self._batches = batches
        self._take = take
        room = Room()
        self._known = [room.known() for _ in filler.parts]
        self._rows: Iterator[_Row] = iter(())
        self._waiting: deque[_Waiting] = deque()
        self._written = asyncio.Event()

    async def go_on(self) -> None:
        """Fill one row after another until there is none; so many rows as do this are under way."""
        while True:
            if (row := next(self._rows, None)) is not None:
                waiting, place, questions = row
                waiting.answers[place] = await self._row(questions, waiting.tally)
                waiting.left -= 1
                self._write()
            elif len(self._waiting) >= AHEAD:
                self._written.clear()
                await self._written.wait()
            elif (batch := next(self._batches, None)) is not None:
                self._rows = self._begin(batch)
                self._write()
            else:
                return

    def _begin(self, batch: Batch) -> Iterator[_Row]:
        rows = Rows.of(batch, self._layout)
        count = len(rows.block.numbers)
        waiting = _Waiting(rows, [[]] * count, count)
        self._waiting.append(waiting)
        asked = zip(*(part.questions(rows.block) for part in self._filler.parts), strict=True)
        return ((waiting, place, questions) for place, questions in enumerate(asked))

    def _write(self) -> None:
        while self._waiting and not self._waiting[0].left:
            waiting = self._waiting.popleft()
            places = range(len(self._filler.parts))
            answers = [[row[place] for row in waiting.answers] for place in places]
            done = waiting.rows.done(self._layout, self._filler, answers)
            done.tally.add(waiting.tally)
            self._take(done)
            self._written.set()

    async def _row(self, questions: Sequence[Question], tally: Tally) -> list[Said]:
        parts = list(zip(self._filler.parts, self._known, questions, strict=True))
        said = [
            self._look(part, known, question, tally) if part.is_local else None
            for part, known, question in parts
        ]
        asked = [part.ask(question, tally) for part, _, question in parts if not part.is_local]
        heard = iter(await asyncio.gather(*asked) if len(asked) > 1 else [await asked[0]])
        return [next(heard) if one is None else one for one in said]

    def _look(self, part: Part, known: Known, question: Question, tally: Tally) -> Said:
        said = known.get(question)
        if said is None:
            said = part.look(question, tally)
            known.keep(question, said)
        return said
