"""Who works questions out: processes of their own, and this one while it would wait for them."""

import multiprocessing
import queue
import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from burnish.enrichment.files.fault import Unusable
from burnish.enrichment.files.looking import Looking
from burnish.enrichment.files.part import Part, Question, Said
from burnish.enrichment.files.recipe import Recipe
from burnish.enrichment.files.tally import Tally
from burnish.enrichment.unconfigured import setup_of
from burnish.outbound import Outbound

IN_HAND = 3
"""How many tasks a process has in hand, so that it never waits for this one to read or write."""

MUCH = 50_000
"""Kilobytes of tables that this process leaves to others."""

_KILLED = (
    "A process that filled rows was killed, perhaps for want of memory. "
    "The same command goes on from here."
)


@dataclass(frozen=True, slots=True)
class Task:
    """A part's questions out of one batch."""

    batch: int
    part: int
    questions: Sequence[Question]


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said to a task's questions, in their order, and the memory that took for good."""

    task: Task
    said: list[Said]
    tally: Tally
    kilobytes: int


def answer(parts: Sequence[Part], task: Task) -> Answers:
    """Work questions out."""
    before = _memory()
    tally = Tally()
    look = parts[task.part].look
    said = [look(question, tally) for question in task.questions]
    return Answers(task, said, tally, _memory() - before)


def _memory() -> int:
    """Return how much memory this process has had at most, in kilobytes; 0 if nobody knows."""
    if sys.platform == "win32":
        return 0
    import resource  # there is none elsewhere

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // 1024 if sys.platform == "darwin" else most


class Crew:
    """Processes, and this one, that work tasks out.

    The processes end by themselves with this one, however it ends: the other end of their pipe is
    gone then. Without any, this one does it all.
    """

    def __init__(self, recipe: Recipe, parts: Sequence[Part], processes: int) -> None:
        self._parts = parts
        self._to_do: deque[Task] = deque()
        self._takes: dict[int, int] = {}
        self._processes: list[BaseProcess] = []
        self._in_hand: dict[Connection, int] = {}
        context = multiprocessing.get_context("spawn")
        for _ in range(processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(recipe, theirs), daemon=True)
            process.start()
            theirs.close()
            self._processes.append(process)
            self._in_hand[ours] = 0

    def give(self, task: Task) -> None:
        """Have questions worked out as soon as somebody is free."""
        self._to_do.append(task)
        self._feed()

    def collect(self, must: bool) -> list[Answers]:
        """Return what is worked out; where something must be, help, or wait for it."""
        if not self._processes:
            return [answer(self._parts, self._to_do.popleft())] if self._to_do else []
        answers = self._received(0)
        if must and not answers:
            answers = self._helped() or self._received(None)
        self._feed()
        return answers

    def close(self) -> None:
        """End the processes."""
        for pipe in self._in_hand:
            pipe.close()
        for process in self._processes:
            process.terminate()
            process.join()

    def _feed(self) -> None:
        while self._to_do and self._in_hand:
            pipe = min(self._in_hand, key=self._in_hand.__getitem__)
            if self._in_hand[pipe] >= IN_HAND:
                return
            try:
                pipe.send(self._to_do.popleft())
            except OSError:
                raise Unusable(_KILLED) from None
            self._in_hand[pipe] += 1

    def _received(self, timeout: float | None) -> list[Answers]:
        answers = []
        for pipe in wait([pipe for pipe, tasks in self._in_hand.items() if tasks], timeout):
            assert isinstance(pipe, Connection)  # noqa: S101 - those are what we wait for
            answers.append(one := _received(pipe))
            self._in_hand[pipe] -= 1
            self._takes[one.task.part] = self._takes.get(one.task.part, 0) + one.kilobytes
        return answers

    def _helped(self) -> list[Answers]:
        """Work something out here, unless it takes tables that need not be in memory twice."""
        for task in self._to_do:
            if self._takes.get(task.part, MUCH) < MUCH:
                self._to_do.remove(task)
                return [answer(self._parts, task)]
        return []


def _received(pipe: Connection) -> Answers:
    try:
        said = pipe.recv()
    except (EOFError, OSError):
        raise Unusable(_KILLED) from None
    if isinstance(said, BaseException):
        raise said
    assert isinstance(said, Answers)  # noqa: S101 - nothing else is sent
    return said


def _serve(recipe: Recipe, pipe: Connection) -> None:
    """Work out what comes, until nothing does any more."""
    tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(pipe, tasks), daemon=True).start()
    try:
        parts = recipe.filler(setup_of(recipe.config), Looking(Outbound())).parts
        while (task := tasks.get()) is not None:
            pipe.send(answer(parts, task))
    except (OSError, KeyboardInterrupt):
        return
    except Exception as error:
        pipe.send(error)


def _receive(pipe: Connection, tasks: "queue.SimpleQueue[Task | None]") -> None:
    """Take tasks in at once: two that wait for each other to listen would wait for ever."""
    try:
        while True:
            tasks.put(pipe.recv())
    except (EOFError, OSError):
        tasks.put(None)
