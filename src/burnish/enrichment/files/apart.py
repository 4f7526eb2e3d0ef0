"""Filling rows by local providers: each question is worked out once, on all cores.

This process reads, remembers and writes; others work out what was not asked before. Whole rows
sent to whoever is free would be worked out by everybody who meets them.
"""

import gc
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain

from burnish.enrichment.files.block import Batch
from burnish.enrichment.files.crew import Alone, Answers, Crew, Questions
from burnish.enrichment.files.filler import Filler
from burnish.enrichment.files.known import Known
from burnish.enrichment.files.part import Said
from burnish.enrichment.files.recipe import Done, Recipe, Rows
from burnish.enrichment.files.tally import Tally

AHEAD = 4
"""How many batches there may be, for each process, before one that is done: this bounds memory."""


def fill(
    recipe: Recipe,
    filler: Filler,
    batches: Iterator[Batch],
    processes: int,
    take: Callable[[Done], None],
) -> None:
    """Fill batches, and hand them over in their order. A single one is not worth a process."""
    first = [batch for batch in (next(batches, None), next(batches, None)) if batch is not None]
    crew = Crew(recipe, processes) if processes > 1 and len(first) > 1 else Alone(filler.parts)
    desk = _Desk(recipe, filler, crew)
    # What is remembered makes no cycles, and going through all of it again and again takes time.
    before = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    try:
        for batch in chain(first, batches):
            desk.begin(batch)
            for done in desk.finished(AHEAD * processes):
                take(done)
        for done in desk.finished(0):
            take(done)
    finally:
        gc.set_threshold(*before)
        crew.close()


class _Waiting:
    """Rows, and of each part the answers as far as they are known."""

    def __init__(self, rows: Rows, questions: Questions, answers: list[list[Said | None]]) -> None:
        self.rows = rows
        self.questions = questions
        self.answers = answers
        self.tally = Tally()
        self.is_answered = False


class _Desk:
    """Keeps rows until their questions are answered."""

    def __init__(self, recipe: Recipe, filler: Filler, crew: Crew | Alone) -> None:
        self._layout = recipe.layout
        self._filler = filler
        self._crew = crew
        self._known = [Known() for _ in filler.parts]
        self._waiting: deque[_Waiting] = deque()
        self._asked: dict[int, _Waiting] = {}
        self._number = 0

    def begin(self, batch: Batch) -> None:
        """Take rows in, and have worked out what nobody asked before."""
        rows = Rows.of(batch, self._layout)
        questions = [part.questions(rows.block) for part in self._filler.parts]
        pairs = list(zip(self._known, questions, strict=True))
        answers = [known.recall(asked) for known, asked in pairs]
        waiting = _Waiting(rows, questions, answers)
        self._waiting.append(waiting)
        new = [
            known.unasked(asked, said) for (known, asked), said in zip(pairs, answers, strict=True)
        ]
        if any(new):
            self._asked[self._number] = waiting
            self._crew.give(self._number, new)
            self._number += 1
        else:
            waiting.is_answered = True

    def finished(self, most: int) -> Iterator[Done]:
        """Return what is done, in order, until at most so many batches are left."""
        while self._waiting:
            must = len(self._waiting) > most
            first = self._waiting[0]
            for answers in self._crew.collect(must and not first.is_answered):
                self._learn(answers)
            if first.is_answered:
                yield self._done(self._waiting.popleft())
            elif not must:
                return

    def _learn(self, answers: Answers) -> None:
        for known, pairs in zip(self._known, answers.said, strict=True):
            for question, said in pairs:
                known.keep(question, said)
        waiting = self._asked.pop(answers.number)
        waiting.tally = answers.tally
        waiting.is_answered = True

    def _done(self, waiting: _Waiting) -> Done:
        """Return rows all of whose questions are answered, here or for rows before them."""
        whole = [
            known.complete(asked, said)
            for known, asked, said in zip(
                self._known, waiting.questions, waiting.answers, strict=True
            )
        ]
        done = waiting.rows.done(self._layout, self._filler, whole)
        done.tally.add(waiting.tally)
        return done
