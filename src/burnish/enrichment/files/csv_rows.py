"""Rows of CSV and TSV files."""

import csv
import io
import itertools
import json
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from burnish.enrichment.files.block import Batch, Block, TextBlock
from burnish.enrichment.files.ending import STDIO
from burnish.enrichment.files.fault import Note, Unusable

Delimiter = str

MOST_JOINED = 200
"""Lines one row may go over; a quotation mark that is open longer is taken for a slip."""

MOST_SHOWN = 10_000
"""Characters that are shown of a line that cannot be read."""

Unread: TypeAlias = tuple[str, str]
"""Why a row cannot be read, and the line it began with."""


class _Lines:
    """The lines of a file, those of the row in hand kept so that they can be read again."""

    def __init__(self, file: Iterable[str]) -> None:
        self._file = iter(file)
        self._again: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        """Yield the lines; they end, for a while, where a row takes more than it may."""
        again, file, taken = self._again, self._file, self.taken
        while len(taken) <= MOST_JOINED:
            line = again.popleft() if again else next(file, None)
            if line is None:
                return
            taken.append(line)
            yield line

    def put_back(self) -> str:
        """Have all lines of the row read again but the first, which is returned."""
        first, *others = self.taken or [""]
        self._again.extendleft(reversed(others))
        return first


class CsvSource:
    """Reads a file's rows; the first names the columns."""

    def __init__(self, path: Path, delimiter: Delimiter) -> None:
        """Open the file. Raises `Unusable`."""
        is_stdin = path == STDIO
        self._size = 0 if is_stdin else os.stat(path).st_size
        self._bytes = open(0 if is_stdin else path, "rb", closefd=not is_stdin)  # noqa: SIM115
        self._file = io.TextIOWrapper(self._bytes, "utf-8-sig", "surrogateescape", newline="")
        self._lines = _Lines(self._file)
        self._delimiter = delimiter
        self._reader = self._begun()
        try:
            self.names = self._head(path)
        except Unusable:
            self.close()
            raise

    def batches(self, skip: int, size: int) -> Iterator[Batch]:
        """Return the rows after the first `skip`; a pair in the place of a row says why not."""
        rows = itertools.islice(self._rows(), skip, None)
        first = skip + 1
        while content := list(itertools.islice(rows, size)):
            yield Batch(first, len(content), content)
            first += len(content)

    def part(self) -> float | None:
        """Return how much of the file is read, from 0 to 1."""
        return min(self._bytes.tell() / self._size, 1.0) if self._size else None

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _head(self, path: Path) -> tuple[str, ...]:
        try:
            names = tuple(next(self._reader, ()))
        except csv.Error as error:
            raise Unusable(f"The first line of {path} cannot be read: {error}.") from None
        if not any(names):
            raise Unusable(f"{path} has no first line that names its columns.")
        if twice := [name for name in names if names.count(name) > 1]:
            raise Unusable(f"{path} has two columns named {twice[0]}.")
        if not _is_text(names):
            raise Unusable(f"The first line of {path} is not text in UTF-8.")
        return names

    def _begun(self) -> Iterator[list[str]]:
        return csv.reader(self._lines, delimiter=self._delimiter, strict=True)

    def _rows(self) -> Iterator[list[str] | Unread]:
        """Yield rows; where a quotation mark is open, only the line it stands in is lost."""
        while (row := self._row()) is not None:
            if isinstance(row, str):
                yield row, self._lines.put_back()[:MOST_SHOWN].rstrip("\r\n")
                self._reader = self._begun()
            elif row:
                yield row

    def _row(self) -> list[str] | str | None:
        """Return the next row, why there is none here, or None at the end."""
        lines = self._lines.taken
        lines.clear()
        try:
            row = next(self._reader)
        except StopIteration:
            return None
        except csv.Error as error:
            is_open = len(lines) > 1 or "end of data" in str(error)
            return _OPEN if is_open else f"it is not well-formed: {error}"
        if len(lines) > 1 and len(row) != len(self.names):
            wide = f"{len(row)} cells, and there are {len(self.names)} columns"
            return f"it goes over {len(lines)} lines with {wide}"
        return row


def decode(batch: Batch, names: tuple[str, ...]) -> tuple[Block, list[Note]]:
    """Return the rows that can be read, and what is wrong with the others."""
    wide = len(names)
    is_text = _is_text(itertools.chain.from_iterable(batch.content))
    is_whole = set(map(type, batch.content)) == {list} and set(map(len, batch.content)) == {wide}
    if is_text and is_whole:
        return TextBlock(names, range(batch.first, batch.first + batch.count), batch.content), []
    numbers: list[int] = []
    cells: list[list[str]] = []
    notes: list[Note] = []
    for number, row in enumerate(batch.content, batch.first):
        if isinstance(row, tuple):
            reason, line = row
            shown = line.encode("utf-8", "backslashreplace").decode()
            notes.append(Note(number, "", reason, shown))
        elif len(row) != wide:
            reason = f"it has {len(row)} cells, and there are {wide} columns"
            notes.append(Note(number, "", reason, _shown(row)))
        elif not is_text and not _is_text(row):
            notes.append(Note(number, "", "it is not text in UTF-8", _shown(row)))
        else:
            numbers.append(number)
            cells.append(row)
    return TextBlock(names, numbers, cells), notes


def head(names: Sequence[str], delimiter: Delimiter) -> bytes:
    """Return the first line."""
    return _written([names], delimiter)


def encode(
    block: Block,
    names: Sequence[str],
    filled: Mapping[str, Sequence[Any]],
    delimiter: Delimiter,
) -> bytes:
    """Return rows as text: the columns `names`, those that are filled in their new state."""
    kept = [name for name in names if name not in filled]
    found = [_cells(column) for column in filled.values()]
    rows = block.rows(kept)
    if not isinstance(block, TextBlock):
        rows = (list(map(text_of, row)) for row in rows)
    order = [*kept, *filled]
    whole = ([*row, *more] for row, more in zip(rows, zip(*found, strict=True), strict=True))
    if order != list(names):
        places = [order.index(name) for name in names]
        whole = ([row[place] for place in places] for row in whole)
    return _written(whole, delimiter)


def _cells(column: Sequence[Any]) -> Sequence[Any]:
    """Return a column as the writer can take it, which writes texts and numbers by itself."""
    types = set(map(type, column))
    if types <= _PLAIN:
        return column
    return list(map(_FLAGS.__getitem__ if types <= _FLAG else text_of, column))


_OPEN = "a quotation mark is opened and never closed"
_PLAIN = frozenset((str, int, float, type(None)))
_FLAG = frozenset((bool, type(None)))
_FLAGS = {True: "true", False: "false", None: ""}


def text_of(value: Any) -> str:
    """Return a value as a cell holds it; lists and objects are JSON."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() | tuple() | dict():
            return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _written(rows: Any, delimiter: Delimiter) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _is_text(cells: Any) -> bool:
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(row: Sequence[str]) -> str:
    whole = json.dumps(row, ensure_ascii=False)
    return whole.encode("utf-8", "backslashreplace").decode()
