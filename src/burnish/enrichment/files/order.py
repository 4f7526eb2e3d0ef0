"""What somebody wants done with a file, and whether that can be done."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Self

from burnish.attributes import standard
from burnish.enrichment.files import columns
from burnish.enrichment.files.component import asked, looks_at
from burnish.enrichment.files.ending import STDIO, format_of
from burnish.enrichment.files.fault import Unusable
from burnish.enrichment.files.kind import kind_of
from burnish.enrichment.files.layout import Source, layout, opened
from burnish.enrichment.files.recipe import Recipe
from burnish.enrichment.provider import Provider
from burnish.enrichment.setup import Setup
from burnish.enrichment.unconfigured import setup_of
from burnish.enrichment.vocabulary import OUTPUTS, STANDARD


@dataclass(frozen=True, slots=True)
class Order:
    """A file to be enriched. `columns` are those somebody named, by input; None wants the
    attributes that have a waterfall."""

    source: Path
    target: Path
    want: Sequence[str] | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    config: Path | None = None
    granted: tuple[str, ...] = ()
    budget: Decimal | None = None
    concurrency: int = 100
    processes: int = 0
    force: bool = False
    read_as: str | None = None
    write_as: str | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """An order that can be carried out: nothing about it is wrong. Its file is open.

    `out_of_reach` says what a wanted attribute lacks that no column of the file can give.
    """

    order: Order
    setup: Setup
    source: Source
    recipe: Recipe
    out_of_reach: Mapping[str, str]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.source.close()

    @property
    def is_local(self) -> bool:
        """Whether nobody outside is asked."""
        return all(one.local for one in asked(self.setup, self.recipe.want))


def prepare(order: Order) -> Ready:
    """Open the file and see whether the order can be carried out.

    Raises `Unusable` or `InvalidSettings`, with what to do.
    """
    read = format_of(order.source, order.read_as)
    write = format_of(order.target, order.write_as, "jsonl" if read == "jsonl" else "csv")
    if order.target == STDIO and write == "parquet":
        raise Unusable("A Parquet file is not written to stdout.")
    setup = setup_of(order.config)
    want = wanted(setup, order.want, order.config is not None)
    source = opened(order.source, read)
    try:
        kinds = {name: kind_of(setup, name) for name in want}
        shape = layout(source, read, write, kinds)
        inputs = {name for one in asked(setup, want) for name in looks_at(one)}
        found = columns.matched(source.names, inputs, order.columns)
        config = order.config.absolute() if order.config else None
        recipe = Recipe(shape, want, found, order.granted, config)
        unreachable = _out_of_reach(setup, want, found)
        if len(unreachable) == len(want):
            raise Unusable("; ".join(unreachable.values()) + ".")
    except BaseException:
        source.close()
        raise
    return Ready(order, setup, source, recipe, unreachable)


def wanted(setup: Setup, want: Iterable[str] | None, configured: bool) -> tuple[str, ...]:
    """Return what is wanted, each once. Raises `Unusable` for what nobody can give."""
    names = tuple(dict.fromkeys(setup.waterfalls if want is None else want))
    given = given_by(setup)
    if not names:
        raise Unusable(f"Say what is wanted: --want city,country; there are {', '.join(given)}.")
    for name in names:
        if name in given:
            continue
        is_known = name in OUTPUTS or name in standard.RULES
        near = difflib.get_close_matches(name, [*given, *OUTPUTS], 1)
        if not is_known and near:
            raise Unusable(f"There is no attribute {name}; is {near[0]} meant?")
        why = f"No provider gives {name}" if is_known else f"There is no attribute {name}"
        if setup.schema and setup.place(name) is None and is_known:
            why = f"The configuration's user_profile defines no attribute {name}"
        more = "" if configured else " (without --config, providers that need no settings)"
        raise Unusable(f"{why}; there are {', '.join(given)}{more}.")
    return names


def given_by(setup: Setup) -> list[str]:
    """Return all attributes that somebody gives."""
    outputs = {output for one in setup.providers.values() for output in one.gives}
    names = outputs | set(setup.waterfalls) | set(STANDARD)
    return sorted(name for name in names if setup.place(name) and setup.waterfall(name))


def _out_of_reach(setup: Setup, want: Sequence[str], known: Iterable[str]) -> dict[str, str]:
    """Return, in words, what those attributes need for which nobody can be asked."""
    there = dict.fromkeys(known, "")
    able: set[str] = set()
    while more := [
        name for name, one in setup.providers.items() if name not in able and not one.lacks(there)
    ]:
        able.update(more)
        there |= {output: "" for name in more for output in setup.providers[name].gives}
    words: dict[str, str] = {}
    for attribute in want:
        providers = [setup.providers[choice.provider] for choice in setup.waterfall(attribute)]
        if not any(one.name in able for one in providers):
            needs = " or ".join(dict.fromkeys(_needs(one) for one in providers))
            words[attribute] = f"no column holds what {attribute} is looked up by: {needs}"
    return words


def _needs(provider: Provider) -> str:
    return " and ".join(provider.lacks({}))
