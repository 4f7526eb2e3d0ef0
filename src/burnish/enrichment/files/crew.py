"""Who works questions out: processes of their own, or this one."""

import multiprocessing
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TypeAlias

from burnish.enrichment.files.fault import Unusable
from burnish.enrichment.files.looking import Looking
from burnish.enrichment.files.part import Part, Question, Said
from burnish.enrichment.files.recipe import Recipe
from burnish.enrichment.files.tally import Tally
from burnish.enrichment.unconfigured import setup_of
from burnish.outbound import Outbound

Questions: TypeAlias = Sequence[Sequence[Question]]
"""Questions of each part."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What came of the questions given under a number: of each part, pairs; and the lookups."""

    number: int
    said: list[list[tuple[Question, Said]]]
    tally: Tally


class Alone:
    """Works questions out at once, in this process."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._answers: list[Answers] = []

    def give(self, number: int, questions: Questions) -> None:
        """Work questions out."""
        self._answers.append(answer(self._parts, number, questions))

    def collect(self, must: bool) -> list[Answers]:
        """Return what was worked out."""
        answers, self._answers = self._answers, []
        return answers

    def close(self) -> None:
        """Do nothing."""


class Crew:
    """Processes, each with the questions of one batch in hand.

    They end by themselves with this process, however it ends: the other end of their pipe is gone
    then.
    """

    def __init__(self, recipe: Recipe, processes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._processes: list[BaseProcess] = []
        self._pipes: list[Connection] = []
        for _ in range(processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(recipe, theirs), daemon=True)
            process.start()
            theirs.close()
            self._processes.append(process)
            self._pipes.append(ours)
        self._idle = list(self._pipes)
        self._to_do: deque[tuple[int, Questions]] = deque()

    def give(self, number: int, questions: Questions) -> None:
        """Have questions worked out as soon as somebody is free."""
        self._to_do.append((number, questions))
        self._feed()

    def collect(self, must: bool) -> list[Answers]:
        """Return what is worked out; where something must be, wait for it."""
        busy = [pipe for pipe in self._pipes if pipe not in self._idle]
        answers = []
        for pipe in wait(busy, None if must else 0):
            assert isinstance(pipe, Connection)  # noqa: S101 - those are what we wait for
            answers.append(_received(pipe))
            self._idle.append(pipe)
        self._feed()
        return answers

    def close(self) -> None:
        """End the processes."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.terminate()
            process.join()

    def _feed(self) -> None:
        while self._to_do and self._idle:
            try:
                self._idle.pop().send(self._to_do.popleft())
            except OSError:
                raise Unusable(_KILLED) from None


_KILLED = (
    "A process that filled rows was killed, perhaps for want of memory. "
    "The same command goes on from here."
)


def _received(pipe: Connection) -> Answers:
    try:
        answer = pipe.recv()
    except (EOFError, OSError):
        raise Unusable(_KILLED) from None
    if isinstance(answer, BaseException):
        raise answer
    assert isinstance(answer, Answers)  # noqa: S101 - nothing else is sent
    return answer


def _serve(recipe: Recipe, pipe: Connection) -> None:
    """Work out what comes, until nothing does any more."""
    try:
        lookups = Looking(Outbound())
        parts = recipe.filler(setup_of(recipe.config), lookups).parts
        while True:
            pipe.send(answer(parts, *pipe.recv()))
    except (EOFError, OSError, KeyboardInterrupt):
        return
    except Exception as error:
        pipe.send(error)


def answer(parts: Sequence[Part], number: int, questions: Questions) -> Answers:
    """Work questions out."""
    tally = Tally()
    said = [
        [(question, part.look(question, tally)) for question in asked]
        for part, asked in zip(parts, questions, strict=True)
    ]
    return Answers(number, said, tally)
