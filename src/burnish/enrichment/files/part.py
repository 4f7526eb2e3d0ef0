"""One component of what is wanted, as it is looked up for row after row."""

import asyncio
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import repeat
from typing import Any, TypeAlias

from burnish.enrichment.files.block import Block
from burnish.enrichment.files.component import Component, looks_at
from burnish.enrichment.files.looking import Looking
from burnish.enrichment.files.purse import PASSING
from burnish.enrichment.files.straight import Straight
from burnish.enrichment.files.tally import Tally
from burnish.enrichment.inputs import Inputs, read
from burnish.enrichment.lookup import Lookup
from burnish.enrichment.outcome import Failed, Skipped
from burnish.enrichment.run import Run
from burnish.enrichment.setup import Setup
from burnish.enrichment.waterfall import May, Waterfall
from burnish.profiles.document import Document

PATIENCE = 60.0
"""Seconds to wait, for a row, for vendors that are still looking."""

TRIES = 4
"""How often a vendor is asked that answers others, and gives no answer to this."""

FIRST_PAUSE = 0.1
"""Seconds before it is asked again, which double each time."""

EMPTY = Document()

Question: TypeAlias = Any
"""What a row's answer depends on: its one input as it stands in the file; where there are several,
or the row may have some attributes already, all inputs and which attributes it has."""

Said: TypeAlias = tuple[Any, ...]
"""What came of a question: values in the part's order, and then what went wrong: where and why."""

_WORTH_SAYING = ("breaker_open", "limited")
_PLAIN = frozenset((str, int, float, bool, type(None)))
_NOT_PLAIN = b"?"
"""Stands for a list or an object, of which nobody can be asked."""


class Part:
    """Looks one component up, by local providers at once, by others on the event loop."""

    def __init__(
        self,
        setup: Setup,
        lookups: Looking,
        component: Component,
        columns: Mapping[str, str],
        present: frozenset[str],
        may: May,
    ) -> None:
        """Keep how to look up; `present` are the attributes that rows have a column for."""
        self.attributes = component.attributes
        self.providers = component.providers
        self.is_local = component.is_local
        self._setup = setup
        self._lookups = lookups
        self._inputs = component.inputs
        self._columns = columns
        self._present = present & set(component.attributes)
        self._is_single = len(self._inputs) == 1 and not self._present
        self._may = cache(may)
        self._choices = {name: setup.waterfall(name) for name in component.attributes}
        looked_at = (looks_at(one) for one in component.providers.values())
        self._useful: frozenset[str] = frozenset().union(*looked_at)
        self._straight: Straight | None = None
        if Straight.suits(component.providers.values(), self._useful):
            self._straight = Straight(self._choices, self.providers, self._may, setup.refuse)

    def questions(self, block: Block) -> Sequence[Question]:
        """Return each row's question."""
        rows = len(block.numbers)
        inputs = [_plain(block.column(self._columns[name])) for name in self._inputs]
        if self._is_single:
            return inputs[0]
        keys = zip(*inputs, strict=True) if inputs else repeat((), rows)
        there = [
            map(is_there, block.column(name)) if name in self._present else repeat(False, rows)
            for name in self.attributes
        ]
        return list(zip(keys, zip(*there, strict=True), strict=True))

    def look(self, question: Question, tally: Tally) -> Said:
        """Return what local providers say."""
        if self._straight and self._is_single:
            inputs = read({self._inputs[0]: question})
            values, asked = self._straight.walk(inputs.known, self._lookups.look_anew)
            tally.take(asked)
            return self._said(inputs, [values.get(name) for name in self.attributes], asked)
        inputs, fall = self.begin(question)
        made: list[Lookup] = []
        while due := fall.due():
            for provider in due:
                lookup = self._lookups.look(provider, fall.known)
                made.append(lookup)
                fall.told(provider.name, lookup.outcome)
        tally.take(made)
        tally.skip(fall.skipped)
        return self._said(inputs, self._values(fall), made)

    async def ask(self, question: Question, tally: Tally) -> Said:
        """Return what anybody says; who gives no answer is asked again, and waited for.

        Raises `Halted` where the run cannot go on.
        """
        tries = 0
        while True:
            inputs, fall = self.begin(question)
            lookups = await self._descend(fall)
            self._lookups.go_on()
            values = self._values(fall)
            failed = _passing(lookups) if None in values else []
            if not any(map(self._lookups.is_away, failed)):
                tries += 1
            if not failed or tries == TRIES:
                break
            tally.take(one for one in lookups if one.asked)
            await asyncio.sleep(FIRST_PAUSE * 2 ** min(tries, TRIES))
        tally.take(lookups)
        tally.give_up(failed)
        return self._said(inputs, values, lookups)

    async def _descend(self, fall: Waterfall) -> Sequence[Lookup]:
        """Go down once, and return what was looked up."""
        run = Run(
            self._setup,
            self._lookups,
            fall,
            EMPTY,
            datetime.now(UTC),
            patience=PATIENCE,
            give_up=True,
            settled={},
        )
        await run.descend()
        return run.account().lookups

    def begin(self, question: Question) -> tuple[Inputs, Waterfall]:
        """Return a question's inputs in their one form, and the way down for what is wanted."""
        wanted: Mapping[str, Any] = self._choices
        if self._is_single:
            inputs = read({self._inputs[0]: question})
        else:
            key, there = question
            inputs = read(dict(zip(self._inputs, key, strict=True)))
            if any(there):
                open_ones = zip(self._choices.items(), there, strict=True)
                wanted = dict(one for one, is_taken in open_ones if not is_taken)
        fall = Waterfall(
            wanted,
            inputs.known,
            self.providers,
            self._may,
            self._setup.refuse,
            inputs.unfit,
            self._useful,
        )
        return inputs, fall

    def _values(self, fall: Waterfall) -> list[Any]:
        taken = fall.taken
        return [taken[name].value if name in taken else None for name in self.attributes]

    def _said(self, inputs: Inputs, values: list[Any], lookups: Sequence[Lookup]) -> Said:
        notes = [(self._columns[name], reason) for name, reason in inputs.unfit.items()]
        if None in values:
            notes += _failures(lookups)
        return (*values, tuple(notes))


def is_there(value: Any) -> bool:
    """Say whether a cell holds anything."""
    if isinstance(value, str):
        return bool(value) and not value.isspace()
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def _plain(values: Sequence[Any]) -> Sequence[Any]:
    if _PLAIN.issuperset(map(type, values)):
        return values
    return [value if type(value) in _PLAIN else _NOT_PLAIN for value in values]


def _passing(lookups: Sequence[Lookup]) -> list[str]:
    """Return who gave no answer, and may give one later."""
    return [
        one.provider
        for one in lookups
        if isinstance(one.outcome, Failed) and one.outcome.reason in PASSING
    ]


def _failures(lookups: Sequence[Lookup]) -> Iterator[tuple[str, str]]:
    for lookup in lookups:
        match lookup.trouble or lookup.outcome:
            case Failed(reason=reason, detail=detail):
                yield f"provider:{lookup.provider}", f"{reason}: {detail}"
            case Skipped(reason=reason, detail=detail) if reason in _WORTH_SAYING:
                yield f"provider:{lookup.provider}", f"{reason}: {detail}"
