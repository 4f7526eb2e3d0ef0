"""Rows of JSON lines files: one object a line."""

import itertools
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from burnish.enrichment.files.block import Batch, Block, ObjectBlock
from burnish.enrichment.files.ending import STDIO
from burnish.enrichment.files.fault import Note, Unusable
from burnish.enrichment.files.kind import Kind, common, kind_of_value

LONGEST = 1024 * 1024
"""The longest line that is read, in bytes."""

SAMPLE = 1000
"""How many rows are looked at to see which names there are."""


class JsonSource:
    """Reads a file's objects. Its `names` are those of the first rows, until all were looked at."""

    def __init__(self, path: Path) -> None:
        """Open the file and look at its first rows. Raises `Unusable`."""
        self._path = path
        self._size = 0 if path == STDIO else os.stat(path).st_size
        self._file = open(0 if path == STDIO else path, "rb", closefd=path != STDIO)  # noqa: SIM115
        self._lines = _lines(self._file)
        self._first = list(itertools.islice(self._lines, SAMPLE))
        self.names = tuple(_kinds(self._first))
        if not self.names:
            self.close()
            raise Unusable(f"{path} does not begin with JSON objects, one a line.")

    def kinds(self) -> dict[str, Kind]:
        """Return all names there are, with what stands under them; this reads the whole file."""
        if self._path == STDIO:
            raise Unusable(
                "JSON lines from stdin can only become JSON lines, "
                "for all columns are known at the end alone."
            )
        with self._path.open("rb") as file:
            found = _kinds(_lines(file))
        self.names = tuple(found)
        return found

    def batches(self, skip: int, size: int) -> Iterator[Batch]:
        """Return the lines after the first `skip`; None stands for one that is too long."""
        lines = itertools.islice(itertools.chain(self._first, self._lines), skip, None)
        first = skip + 1
        while content := list(itertools.islice(lines, size)):
            yield Batch(first, len(content), content)
            first += len(content)

    def part(self) -> float | None:
        """Return how much of the file is read, from 0 to 1."""
        return min(self._file.tell() / self._size, 1.0) if self._size else None

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def decode(batch: Batch, names: tuple[str, ...]) -> tuple[Block, list[Note]]:
    """Return the rows that can be read, and what is wrong with the others."""
    numbers: list[int] = []
    content: list[Mapping[str, Any]] = []
    notes: list[Note] = []
    for number, line in enumerate(batch.content, batch.first):
        try:
            content.append(_object(line))
        except ValueError as error:
            shown = "" if line is None else line.decode("utf-8", "backslashreplace").strip()
            notes.append(Note(number, "", str(error), shown))
        else:
            numbers.append(number)
    return ObjectBlock(numbers, content), notes


def encode(block: Block, filled: Mapping[str, Sequence[Any]], notes: list[Note]) -> bytes:
    """Return rows as lines: the names each came with, and those that are filled.

    A number that JSON does not have, such as NaN, is null, and is noted.
    """
    lines = []
    names = list(filled)
    found_in = zip(*filled.values(), strict=True)
    for place, (row, found) in enumerate(zip(block.objects(), found_in, strict=True)):
        row.update(zip(names, found, strict=True))
        try:
            lines.append(json.dumps(row, ensure_ascii=False, default=str, allow_nan=False))
        except ValueError:
            number, content = block.numbers[place], block.content(place)
            notes += [Note(number, name, _NO_NUMBER, content) for name in _infinite(row)]
            finite = {name: _finite(value) for name, value in row.items()}
            lines.append(json.dumps(finite, ensure_ascii=False, default=str))
    lines.append("")
    return "\n".join(lines).encode("utf-8", "backslashreplace")


_NO_NUMBER = "it is NaN or infinite, which JSON has no number for, and so is null in the output"


def _infinite(row: Mapping[str, Any]) -> list[str]:
    return [name for name, value in row.items() if _finite(value) != value]


def _finite(value: Any) -> Any:
    match value:
        case float():
            return value if math.isfinite(value) else None
        case list() | tuple():
            return [_finite(one) for one in value]
        case dict():
            return {name: _finite(one) for name, one in value.items()}
    return value


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    while line := file.readline(LONGEST):
        if len(line) == LONGEST and not line.endswith(b"\n"):
            while (rest := file.readline(LONGEST)) and not rest.endswith(b"\n"):
                pass
            yield None
        elif not line.isspace():
            yield line


def _object(line: bytes | None) -> Mapping[str, Any]:
    if line is None:
        raise ValueError("it is longer than 1 MiB")
    try:
        row = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON in UTF-8") from None
    if not isinstance(row, dict):
        raise ValueError("it is no JSON object")
    return row


def _kinds(lines: Iterable[bytes | None]) -> dict[str, Kind]:
    seen: dict[str, Kind | None] = {}
    for line in lines:
        try:
            row = _object(line)
        except ValueError:
            continue
        for name, value in row.items():
            seen[name] = common(seen.get(name), kind_of_value(value))
    return {name: kind or "text" for name, kind in seen.items()}


def _no_constant(name: str) -> Any:
    raise ValueError(name)
