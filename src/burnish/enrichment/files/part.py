"""One component of what is wanted, as it is looked up for row after row."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import repeat
from typing import Any, TypeAlias

from burnish.enrichment.files.block import Block
from burnish.enrichment.files.component import Component
from burnish.enrichment.files.memo import Memo
from burnish.enrichment.inputs import Inputs, read
from burnish.enrichment.lookup import Lookup, Lookups
from burnish.enrichment.outcome import Failed, Skipped
from burnish.enrichment.run import Run
from burnish.enrichment.setup import Setup
from burnish.enrichment.waterfall import May, Waterfall
from burnish.profiles.document import Document

PATIENCE = 60.0
"""Seconds to wait, for a row, for vendors that are still looking."""

EMPTY = Document()

Question: TypeAlias = tuple[tuple[Any, ...], tuple[bool, ...]]
"""A row's inputs as they stand in the file, and which attributes it has already."""

_WORTH_SAYING = ("breaker_open", "limited")


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a question: values in the component's order, and what went wrong where."""

    values: tuple[Any, ...]
    notes: tuple[tuple[str, str], ...] = ()
    lookups: tuple[Lookup, ...] = ()


class Part:
    """Looks one component up, by local providers at once, by others on the event loop."""

    def __init__(
        self,
        setup: Setup,
        lookups: Lookups,
        component: Component,
        columns: Mapping[str, str],
        present: frozenset[str],
        may: May,
        remembered: int,
    ) -> None:
        self.attributes = component.attributes
        self.is_local = component.is_local
        self._setup = setup
        self._lookups = lookups
        self.providers = component.providers
        self._component = component
        self._columns = columns
        self._present = present & set(component.attributes)
        self._may = may
        self._choices = [(name, setup.waterfall(name)) for name in component.attributes]
        self._memo: Memo[Said] = Memo(remembered)

    def questions(self, block: Block) -> Iterator[Question]:
        """Return each row's question."""
        rows = len(block.numbers)
        inputs = [block.column(self._columns[name]) for name in self._component.inputs]
        keys = zip(*inputs, strict=True) if inputs else repeat((), rows)
        if not self._present:
            return zip(keys, repeat((), rows), strict=True)
        there = [
            map(is_there, block.column(name)) if name in self._present else repeat(False, rows)
            for name in self.attributes
        ]
        return zip(keys, zip(*there, strict=True), strict=True)

    def look(self, question: Question) -> Said:
        """Return what local providers say, now or before."""
        try:
            said = self._memo.get(question)
        except TypeError:  # a list or an object stands where an input should
            return self._look(question)
        if said is None:
            said = self._look(question)
            self._memo.keep(question, Said(said.values, said.notes))
        return said

    async def ask(self, question: Question) -> Said:
        """Return what anybody says."""
        inputs, fall = self.begin(question)
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
        enriched = await run.go()
        return self._said(inputs, fall, enriched.account.lookups)

    def _look(self, question: Question) -> Said:
        inputs, fall = self.begin(question)
        made: list[Lookup] = []
        while due := fall.due():
            for provider in due:
                lookup = self._lookups.look(provider, fall.known)
                made.append(lookup)
                fall.told(provider.name, lookup.outcome)
        now = datetime.now(UTC)
        skipped = (Lookup(name, skip, now) for name, skip in fall.skipped.items())
        return self._said(inputs, fall, (*made, *skipped))

    def begin(self, question: Question) -> tuple[Inputs, Waterfall]:
        """Return a question's inputs in their one form, and the way down for what is wanted."""
        key, there = question
        inputs = read(dict(zip(self._component.inputs, key, strict=True)))
        wanted = {
            name: choices
            for place, (name, choices) in enumerate(self._choices)
            if not there or not there[place]
        }
        fall = Waterfall(
            wanted,
            inputs.known,
            self._component.providers,
            self._may,
            self._setup.refuse,
            inputs.unfit,
        )
        return inputs, fall

    def _said(self, inputs: Inputs, fall: Waterfall, lookups: Sequence[Lookup]) -> Said:
        taken = fall.taken
        values = tuple(taken[name].value if name in taken else None for name in self.attributes)
        notes = [(self._columns[name], reason) for name, reason in inputs.unfit.items()]
        if None in values:
            notes += _failures(lookups)
        return Said(values, tuple(notes), tuple(lookups))


def is_there(value: Any) -> bool:
    """Say whether a cell holds anything."""
    if isinstance(value, str):
        return bool(value) and not value.isspace()
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def _failures(lookups: Sequence[Lookup]) -> Iterator[tuple[str, str]]:
    for lookup in lookups:
        match lookup.trouble or lookup.outcome:
            case Failed(reason=reason, detail=detail):
                yield f"provider:{lookup.provider}", f"{reason}: {detail}"
            case Skipped(reason=reason, detail=detail) if reason in _WORTH_SAYING:
                yield f"provider:{lookup.provider}", f"{reason}: {detail}"
