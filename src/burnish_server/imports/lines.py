"""Lines of a stream of bytes, in constant memory, and rows of them."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

LONGEST = 1024 * 1024
"""The longest line that is read, in bytes."""

MOST_JOINED = 200
"""Lines one CSV row may go over; a quotation mark that is open longer is taken for a slip."""

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it came: the line it began on, and what stood there or why it cannot be read.

    Of what cannot be read nothing is kept: nobody could tell which of it is secret.
    """

    line: int
    content: Any
    fault: str = ""


def lines(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line with its number from 1, without its end; None stands for one too long."""
    number, kept, skipping = 0, bytearray(), False
    for chunk in chunks:
        start = 0
        while (end := chunk.find(b"\n", start)) >= 0:
            number += 1
            kept += b"" if skipping else chunk[start:end]
            yield number, None if skipping or len(kept) > LONGEST else _trimmed(kept, number)
            start, skipping = end + 1, False
            kept.clear()
        if not skipping:
            kept += chunk[start:]
            if len(kept) > LONGEST:
                kept.clear()
                skipping = True
    if kept or skipping:
        number += 1
        yield number, None if skipping else _trimmed(kept, number)


def ndjson(chunks: Iterable[bytes]) -> Iterator[Row]:
    """Yield a row for each line that is not blank; its content is the line's text."""
    for number, line in lines(chunks):
        if line is None:
            yield _too_long(number)
        elif line.strip():
            yield _text(number, line)


class Csv:
    """Rows of comma-separated values (RFC 4180), whose first line names the columns.

    Semicolons and tabs may stand for commas, if they do in the first line.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        """Read the first line; `columns` is empty where there is none that can be read."""
        self._lines = lines(chunks)
        self._waiting: list[tuple[int, bytes | None]] = []
        self._delimiter = ","
        self.columns: list[str] = []
        head = next(self._lines, (0, b""))[1] or b""
        self._delimiter = max(",;\t", key=lambda one: head.count(one.encode()))
        try:
            cells = self._cells(head.decode())
        except (UnicodeDecodeError, csv.Error):
            cells = []
        self.columns = [cell.strip() for cell in cells]

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows; their content is a list of cells."""
        while (first := self._next()) is not None:
            number, line = first
            if line is None:
                yield _too_long(number)
            elif line.strip():
                yield self._row(number, line)

    def _next(self) -> tuple[int, bytes | None] | None:
        return self._waiting.pop(0) if self._waiting else next(self._lines, None)

    def _row(self, number: int, line: bytes) -> Row:
        """Return the row that begins here; lines taken in vain are read again on their own."""
        whole = line
        taken: list[tuple[int, bytes | None]] = []
        while whole.count(b'"') % 2 and len(taken) < MOST_JOINED and len(whole) < LONGEST:
            following = self._next()
            if following is None:
                break
            taken.append(following)
            if following[1] is None:
                break
            whole += b"\n" + following[1]
        if whole.count(b'"') % 2:
            row = Row(number, None, "a quotation mark is opened and never closed")
        else:
            row = self._parsed(_text(number, whole))
        if row.fault:
            self._waiting = taken + self._waiting
        return row

    def _parsed(self, row: Row) -> Row:
        if row.fault:
            return row
        try:
            cells = self._cells(row.content)
        except csv.Error as error:
            return Row(row.line, None, f"it is not well-formed CSV: {error}")
        if len(cells) != len(self.columns):
            there = f"it has {len(cells)} cells, and there are {len(self.columns)} columns"
            return Row(row.line, None, there)
        return Row(row.line, cells)

    def _cells(self, text: str) -> list[str]:
        return next(csv.reader([text], delimiter=self._delimiter, strict=True), [])


def _trimmed(line: bytearray, number: int) -> bytes:
    whole = bytes(line).removesuffix(b"\r")
    return whole.removeprefix(_BOM) if number == 1 else whole


def _text(number: int, line: bytes) -> Row:
    try:
        return Row(number, line.decode())
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1} of it begins no letter"
        return Row(number, None, f"it is not text in UTF-8: {place}")


def _too_long(number: int) -> Row:
    return Row(number, None, "it is longer than 1 MiB")
