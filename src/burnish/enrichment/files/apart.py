"""Filling rows in processes of their own, so that all cores are used."""

import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from burnish.enrichment.files.block import Batch
from burnish.enrichment.files.fault import Unusable
from burnish.enrichment.files.worker import Done, Recipe, Worker

AHEAD = 4
"""How many batches may be done, or under way, before one that is not: this bounds memory."""


def fill(
    recipe: Recipe, batches: Iterator[Batch], processes: int, take: Callable[[Done], None]
) -> None:
    """Fill batches, and hand them over in their order.

    A single batch is not worth a process. The processes end by themselves with this one, however
    it ends: they see that the other end of their pipe is gone.
    """
    first = next(batches, None)
    second = next(batches, None)
    if first is None or second is None or processes < 2:
        worker = Worker(recipe)
        for batch in _all(first, second, batches):
            take(worker.work(batch))
        return
    crew = Crew(recipe, processes)
    try:
        crew.fill(_all(first, second, batches), take)
    finally:
        crew.close()


class Crew:
    """Processes that fill rows, each with one batch in hand."""

    def __init__(self, recipe: Recipe, processes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._processes: list[BaseProcess] = []
        self._idle: list[Connection] = []
        for _ in range(processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(recipe, theirs), daemon=True)
            process.start()
            theirs.close()
            self._processes.append(process)
            self._idle.append(ours)
        self._pipes = list(self._idle)

    def fill(self, batches: Iterator[Batch], take: Callable[[Done], None]) -> None:
        """Fill batches, and hand them over in their order."""
        under_way: dict[Connection, int] = {}
        done: dict[int, Done] = {}
        given = taken = 0
        batch = next(batches, None)
        while batch is not None or under_way:
            while batch is not None and self._idle and given - taken < AHEAD * len(self._pipes):
                pipe = self._idle.pop()
                pipe.send(batch)
                under_way[pipe] = given
                given += 1
                batch = next(batches, None)
            for pipe in [pipe for pipe in wait(list(under_way)) if isinstance(pipe, Connection)]:
                done[under_way.pop(pipe)] = _received(pipe)
                self._idle.append(pipe)
            while taken in done:
                take(done.pop(taken))
                taken += 1

    def close(self) -> None:
        """End the processes."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.terminate()
            process.join()


def _received(pipe: Connection) -> Done:
    try:
        answer = pipe.recv()
    except (EOFError, OSError):
        raise Unusable(
            "A process that filled rows was killed, perhaps for want of memory. "
            "The same command goes on from here."
        ) from None
    if isinstance(answer, BaseException):
        raise answer
    assert isinstance(answer, Done)  # noqa: S101 - nothing else is sent
    return answer


def _serve(recipe: Recipe, pipe: Connection) -> None:
    """Fill what comes, until nothing does any more."""
    try:
        worker = Worker(recipe)
        while True:
            pipe.send(worker.work(pipe.recv()))
    except (EOFError, OSError, KeyboardInterrupt):
        return
    except Exception as error:
        pipe.send(error)


def _all(first: Batch | None, second: Batch | None, rest: Iterator[Batch]) -> Iterator[Batch]:
    yield from (batch for batch in (first, second) if batch is not None)
    yield from rest
