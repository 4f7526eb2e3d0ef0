"""Filling rows by local providers: each question is worked out once, on all cores.

This process reads, remembers and writes; others work out what was not asked before. Whole rows
sent to whoever is free would be worked out by everybody who meets them.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from burnish.enrichment.files.block import Batch
from burnish.enrichment.files.crew import Answers, Crew, Task
from burnish.enrichment.files.filler import Filler
from burnish.enrichment.files.known import Room
from burnish.enrichment.files.part import Question, Said
from burnish.enrichment.files.recipe import Done, Recipe, Rows
from burnish.enrichment.files.tally import Tally

AHEAD, MOST_AHEAD = 6, 24
"""How many batches there may be, for each core and in all, before one that is done."""


def fill(
    recipe: Recipe,
    filler: Filler,
    batches: Iterator[Batch],
    cores: int,
    take: Callable[[Done], None],
) -> None:
    """Fill batches, and hand them over in their order. A single one is not worth a process."""
    first = [batch for batch in (next(batches, None), next(batches, None)) if batch is not None]
    crew = Crew(recipe, filler.parts, cores - 1 if len(first) > 1 else 0)
    desk = _Desk(recipe, filler, crew)
    try:
        for batch in chain(first, batches):
            desk.begin(batch)
            for done in desk.finished(min(AHEAD * cores, MOST_AHEAD)):
                take(done)
        for done in desk.finished(0):
            take(done)
    finally:
        crew.close()


class _Waiting:
    """Rows, and of each part the questions, the answers that are known, and where some are not."""

    def __init__(
        self, rows: Rows, parts: list[tuple[Sequence[Question], list[Said | None], list[int]]]
    ) -> None:
        self.rows = rows
        self.parts = parts
        self.tally = Tally()
        self.open = 0


class _Desk:
    """Keeps rows until their questions are answered."""

    def __init__(self, recipe: Recipe, filler: Filler, crew: Crew) -> None:
        self._layout = recipe.layout
        self._filler = filler
        self._crew = crew
        room = Room()
        self._known = [room.known() for _ in filler.parts]
        self._waiting: deque[_Waiting] = deque()
        self._asking: dict[int, _Waiting] = {}
        self._batch = 0

    def begin(self, batch: Batch) -> None:
        """Take rows in, and have worked out what nobody asked before."""
        rows = Rows.of(batch, self._layout)
        waiting = _Waiting(rows, [])
        self._batch += 1
        for number, (part, known) in enumerate(zip(self._filler.parts, self._known, strict=True)):
            questions = part.questions(rows.block)
            answers = known.recall(questions)
            missing = [place for place, said in enumerate(answers) if said is None]
            waiting.parts.append((questions, answers, missing))
            if new := known.unasked(questions, missing):
                waiting.open += 1
                self._asking[self._batch] = waiting
                self._crew.give(Task(self._batch, number, new))
        self._waiting.append(waiting)

    def finished(self, most: int) -> Iterator[Done]:
        """Return what is done, in order, until at most so many batches are left."""
        while self._waiting:
            first = self._waiting[0]
            must = len(self._waiting) > most and first.open > 0
            for answers in self._crew.collect(must):
                self._learn(answers)
            if not first.open:
                yield self._done(self._waiting.popleft())
            elif not must:
                return

    def _learn(self, answers: Answers) -> None:
        task = answers.task
        known = self._known[task.part]
        for question, said in zip(task.questions, answers.said, strict=True):
            known.keep(question, said)
        waiting = self._asking[task.batch]
        waiting.tally.add(answers.tally)
        waiting.open -= 1
        if not waiting.open:
            del self._asking[task.batch]

    def _done(self, waiting: _Waiting) -> Done:
        """Return rows all of whose questions are answered, for them or for rows before."""
        whole = [
            known.complete(questions, answers, missing)
            for known, (questions, answers, missing) in zip(self._known, waiting.parts, strict=True)
        ]
        done = waiting.rows.done(self._layout, self._filler, whole)
        done.tally.add(waiting.tally)
        return done
