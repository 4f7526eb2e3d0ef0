"""Some rows of a file, as a worker has them in hand, whichever format they came in."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows as they travel to whoever fills them: the number of the first, how many, and what."""

    first: int
    count: int
    content: Any


class Block(Protocol):
    """Rows that were read well."""

    @property
    def numbers(self) -> Sequence[int]:
        """Which rows of the file they are."""

    def column(self, name: str) -> Sequence[Any]:
        """Return one column's values; None where a row has none."""

    def rows(self, names: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Return the rows' values of these columns, row by row."""

    def objects(self) -> Iterator[dict[str, Any]]:
        """Return the rows as objects, each with the names it came with."""

    def content(self, place: int) -> str:
        """Return one row in JSON, as it is shown beside what is wrong with it."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Rows of cells, in the order of `names`; an empty cell is an empty text."""

    names: tuple[str, ...]
    numbers: Sequence[int]
    cells: Sequence[Sequence[str]]

    def column(self, name: str) -> Sequence[Any]:
        """Return one column's values."""
        place = self.names.index(name)
        return [row[place] for row in self.cells]

    def rows(self, names: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Return the rows' values of these columns."""
        if tuple(names) == self.names:
            return iter(self.cells)
        places = [self.names.index(name) for name in names]
        return ([row[place] for place in places] for row in self.cells)

    def objects(self) -> Iterator[dict[str, Any]]:
        """Return the rows as objects."""
        return (dict(zip(self.names, row, strict=True)) for row in self.cells)

    def content(self, place: int) -> str:
        """Return one row."""
        return as_json(dict(zip(self.names, self.cells[place], strict=True)))


@dataclass(frozen=True, slots=True)
class ObjectBlock:
    """JSON objects, which need not have the same names."""

    numbers: Sequence[int]
    read: Sequence[Mapping[str, Any]]

    def column(self, name: str) -> Sequence[Any]:
        """Return the values under one name."""
        return [row.get(name) for row in self.read]

    def rows(self, names: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Return the rows' values under these names."""
        return ([row.get(name) for name in names] for row in self.read)

    def objects(self) -> Iterator[dict[str, Any]]:
        """Return the rows as they came."""
        return (dict(row) for row in self.read)

    def content(self, place: int) -> str:
        """Return one row."""
        return as_json(self.read[place])


def as_json(row: Mapping[str, Any]) -> str:
    """Return a row as JSON."""
    return json.dumps(row, ensure_ascii=False, default=str)
