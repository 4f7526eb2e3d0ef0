"""What a run has written so far, beside the journal that says how much of it counts."""

import csv
import io
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import BinaryIO

from burnish.enrichment.files.ending import STDIO, Format
from burnish.enrichment.files.fault import Note
from burnish.enrichment.files.journal import Journal, Mark
from burnish.enrichment.files.layout import Layout
from burnish.enrichment.files.recipe import Done
from burnish.enrichment.files.tally import Tally

MARK_SECONDS = 0.5
"""How often the journal is told how far the run has come."""

_HEAD = ("row", "at", "reason", "content")


class Output:
    """Takes rows in their order. Nothing stands under the name of the output before the end."""

    def __init__(self, layout: Layout, target: Path, journal: Journal) -> None:
        """Go on where the journal says that the last run stopped."""
        self._layout = layout
        self._target = target
        self._journal = journal
        self._side = side_of(target, layout.target)
        mark = journal.marked()
        rows, notes = journal.folder / "rows", journal.folder / "notes"
        if not _holds(rows, mark.written) or not _holds(notes, mark.noted):
            mark = Mark()
        self.row = mark.row
        self.tally = mark.tally or Tally()
        self._is_stdout = target == STDIO
        self._rows = sys.stdout.buffer if self._is_stdout else _opened(rows, mark.written)
        self._notes = _opened(notes, mark.noted)
        self._marked = time.monotonic()
        if mark.written == 0:
            self._rows.write(layout.head())

    def take(self, done: Done) -> None:
        """Write rows."""
        self._rows.write(done.output)
        if done.notes:
            self._notes.write(_written(done.notes, self._side))
        self.tally.add(done.tally)
        self.row = done.last
        if time.monotonic() - self._marked >= MARK_SECONDS:
            self.mark()

    def mark(self) -> None:
        """Let the journal know how far the run has come."""
        self._rows.flush()
        self._notes.flush()
        if not self._is_stdout:
            mark = Mark(self.row, self._rows.tell(), self._notes.tell(), self.tally)
            self._journal.mark(mark)
        self._marked = time.monotonic()

    def finish(self) -> Path | None:
        """Give the output its name, and return the side file, where there is one."""
        self.mark()
        noted = self._notes.tell()
        self.close()
        if not self._is_stdout:
            self._layout.finish(self._journal.folder / "rows", self._target)
        self._side.unlink(missing_ok=True)
        if not noted:
            return None
        head = _line(_HEAD) if self._side.suffix == ".csv" else b""
        with (self._journal.folder / "notes").open("rb") as notes, self._side.open("wb") as side:
            side.write(head)
            shutil.copyfileobj(notes, side)
        return self._side

    def close(self) -> None:
        """Close the files."""
        if not self._is_stdout:
            self._rows.close()
        self._notes.close()


def side_of(target: Path, form: Format) -> Path:
    """Return where rows go that something is wrong with: `people.errors.csv`."""
    ending = ".jsonl" if form == "jsonl" else ".csv"
    stem = "burnish" if target == STDIO else target.stem
    return target.with_name(f"{stem}.errors{ending}")


def _opened(path: Path, size: int) -> BinaryIO:
    """Open a file to write on after its first `size` bytes."""
    file = path.open("r+b" if path.exists() else "w+b")
    file.truncate(size)
    file.seek(size)
    return file


def _holds(path: Path, size: int) -> bool:
    return size == 0 or (path.exists() and os.path.getsize(path) >= size)


def _written(notes: list[Note], side: Path) -> bytes:
    lines = [(note.row, note.at, note.reason, note.content) for note in notes]
    if side.suffix == ".csv":
        return b"".join(_line(line) for line in lines)
    objects = (dict(zip(_HEAD, line, strict=True)) for line in lines)
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in objects)


def _line(cells: tuple[object, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode("utf-8", "backslashreplace")
