"""From which format rows come, into which they go, and with which columns."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from burnish.enrichment.files import csv_rows, json_rows
from burnish.enrichment.files.block import Batch, Block
from burnish.enrichment.files.ending import STDIO, Format
from burnish.enrichment.files.fault import Note, Unusable
from burnish.enrichment.files.kind import Kind

_DELIMITERS: Mapping[Format, str] = {"csv": ",", "tsv": "\t"}


class Source(Protocol):
    """A file that is read."""

    names: tuple[str, ...]

    def batches(self, skip: int, size: int) -> Iterator[Batch]:
        """Return the rows after the first `skip`."""

    def part(self) -> float | None:
        """Return how much of the file is read, from 0 to 1, where that can be told."""

    def close(self) -> None:
        """Close the file."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How rows are read and written; made once, and sent to whoever fills rows.

    `names` are the columns that are read, `written` those that are written. The schemas are those
    of Parquet.
    """

    source: Format
    target: Format
    names: tuple[str, ...]
    written: tuple[str, ...]
    read_schema: bytes = b""
    written_schema: bytes = b""

    def decode(self, batch: Batch) -> tuple[Block, list[Note]]:
        """Return the rows that can be read, and what is wrong with the others."""
        match self.source:
            case "jsonl":
                return json_rows.decode(batch, self.names)
            case "parquet":
                read: tuple[Block, list[Note]] = _arrow().decode(batch, self.read_schema)
                return read
        return csv_rows.decode(batch, self.names)

    def encode(self, block: Block, filled: Mapping[str, Sequence[Any]], notes: list[Note]) -> bytes:
        """Return rows as they are written; `notes` get what of them could not be."""
        match self.target:
            case "jsonl":
                return json_rows.encode(block, filled, notes)
            case "parquet":
                written: bytes = _arrow().encode(block, self.written_schema, filled)
                return written
        return csv_rows.encode(block, self.written, filled, _DELIMITERS[self.target])

    def head(self) -> bytes:
        """Return what comes before the rows."""
        if self.target in _DELIMITERS:
            return csv_rows.head(self.written, _DELIMITERS[self.target])
        return b""

    def finish(self, work: Path, target: Path) -> None:
        """Make the file of what was written, at once."""
        if self.target == "parquet":
            made = work.with_suffix(".parquet")
            _arrow().finish(work, self.written_schema, made)
            work = made
        os.replace(work, target)


def opened(path: Path, form: Format) -> Source:
    """Open a file. Raises `Unusable`."""
    if path != STDIO and not path.exists():
        raise Unusable(f"There is no file {path}.")
    try:
        match form:
            case "jsonl":
                return json_rows.JsonSource(path)
            case "parquet" if path == STDIO:
                raise Unusable("A Parquet file is read from its end, so not from stdin.")
            case "parquet":
                source: Source = _arrow().ParquetSource(path)
                return source
        return csv_rows.CsvSource(path, _DELIMITERS[form])
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from None


def layout(source: Source, read: Format, target: Format, wanted: Mapping[str, Kind]) -> Layout:
    """Return how rows of a file are read, and written with what is wanted."""
    kinds: Mapping[str, Kind] = {}
    if isinstance(source, json_rows.JsonSource) and target != "jsonl":
        kinds = source.kinds()
    names = source.names
    written = tuple(dict.fromkeys((*names, *wanted)))
    read_schema = written_schema = b""
    if read == "parquet":
        read_schema = _arrow().stored(source)
    if target == "parquet":
        written_schema = _arrow().schema_of(source, kinds, wanted, written)
    return Layout(read, target, names, written, read_schema, written_schema)


def _arrow() -> ModuleType:
    from burnish.enrichment.files import arrow_rows  # pyarrow is an extra, and takes 60 MB

    return arrow_rows
