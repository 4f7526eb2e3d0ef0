"""Filling rows on one event loop, many at once, where somebody outside is asked."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence

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
    asking = _Asking(recipe, filler, concurrency)
    under_way: deque[asyncio.Task[Done]] = deque()
    try:
        for batch in batches:
            under_way.append(asyncio.create_task(asking.fill(batch)))
            await asyncio.sleep(0)
            while under_way and (len(under_way) >= AHEAD or under_way[0].done()):
                take(await under_way[0])
                under_way.popleft()
        while under_way:
            take(await under_way[0])
            under_way.popleft()
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


class _Asking:
    """Asks for rows, earlier ones first."""

    def __init__(self, recipe: Recipe, filler: Filler, concurrency: int) -> None:
        self._layout = recipe.layout
        self._filler = filler
        self._places = asyncio.Semaphore(concurrency)
        self._turn = asyncio.Lock()
        room = Room()
        self._known = [room.known() for _ in filler.parts]

    async def fill(self, batch: Batch) -> Done:
        """Fill a batch."""
        rows = Rows.of(batch, self._layout)
        tally = Tally()
        tasks: list[asyncio.Task[list[Said]]] = []
        try:
            async with self._turn:
                asked = [part.questions(rows.block) for part in self._filler.parts]
                for questions in zip(*asked, strict=True):
                    await self._places.acquire()
                    task = asyncio.create_task(self._row(questions, tally))
                    task.add_done_callback(lambda _: self._places.release())
                    tasks.append(task)
            answers = await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            raise
        whole = [[row[place] for row in answers] for place in range(len(asked))]
        done = rows.done(self._layout, self._filler, whole)
        done.tally.add(tally)
        return done

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
