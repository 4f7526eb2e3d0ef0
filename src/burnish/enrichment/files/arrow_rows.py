"""Rows of Parquet files, by record batches. Needs pyarrow, which the extra `parquet` brings."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burnish.enrichment.files.block import Batch, Block, as_json
from burnish.enrichment.files.fault import Note, Unusable
from burnish.enrichment.files.kind import Kind, common, fitted

try:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]
except ImportError as error:
    raise Unusable(
        "Parquet files need pyarrow; install it with: pip install 'burnish[parquet]'."
    ) from error

from burnish.enrichment.files import arrow_values

if TYPE_CHECKING:
    from pyarrow import Array, DataType, Field, RecordBatch, Schema

GROUP = 64 * 1024
"""How many rows a row group of ours has."""


class ParquetSource:
    """Reads a file's record batches."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises `Unusable`."""
        self._path = path
        try:
            self._file = pq.ParquetFile(path)
            self.schema = _plain(self._file.schema_arrow)
        except (pa.ArrowException, OSError) as error:
            raise Unusable(f"{path} cannot be read as Parquet: {_first_line(error)}.") from None
        self.names = tuple(self.schema.names)
        if twice := [name for name in self.names if self.names.count(name) > 1]:
            raise Unusable(f"{path} has two columns named {twice[0]}.")
        self._read = 0

    def batches(self, skip: int, size: int) -> Iterator[Batch]:
        """Return the rows after the first `skip`."""
        groups, passed = self._groups_after(skip)
        first = passed + 1
        try:
            for batch in self._file.iter_batches(size, row_groups=groups):
                if (more := skip + 1 - first) > 0:
                    first += min(more, batch.num_rows)
                    batch = batch.slice(more)
                if batch.num_rows:
                    content = _as(self.schema, batch).serialize().to_pybytes()
                    yield Batch(first, batch.num_rows, content)
                    first += batch.num_rows
                    self._read = first - 1
        except (pa.ArrowException, OSError) as error:
            raise Unusable(
                f"{self._path} is damaged after row {first - 1}: {_first_line(error)}."
            ) from None

    def part(self) -> float | None:
        """Return how much of the file is read, from 0 to 1."""
        rows: int = self._file.metadata.num_rows
        return self._read / max(rows, 1)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def is_empty(self, name: str) -> bool:
        """Say whether a column is known to hold nothing, whatever its type."""
        metadata = self._file.metadata
        for number in range(metadata.num_row_groups):
            group = metadata.row_group(number)
            columns = map(group.column, range(group.num_columns))
            found = [one for one in columns if one.path_in_schema == name]
            statistics = found[0].statistics if found else None
            if statistics is None or not statistics.has_null_count:
                return False
            if statistics.null_count != group.num_rows:
                return False
        return True

    def _groups_after(self, skip: int) -> tuple[list[int], int]:
        """Return the row groups that hold rows after the first `skip`, and how many are before."""
        metadata = self._file.metadata
        passed, group = 0, 0
        while group < metadata.num_row_groups:
            rows = metadata.row_group(group).num_rows
            if passed + rows > skip:
                break
            passed, group = passed + rows, group + 1
        return list(range(group, metadata.num_row_groups)), passed


@dataclass(frozen=True, slots=True)
class ArrowBlock:
    """A record batch."""

    numbers: Sequence[int]
    batch: "RecordBatch"

    def column(self, name: str) -> Sequence[Any]:
        """Return one column's values."""
        return arrow_values.python(self.batch.column(name))

    def rows(self, names: Sequence[str]) -> Iterator[Sequence[Any]]:
        """Return the rows' values of these columns."""
        return zip(*(self.column(name) for name in names), strict=True)

    def objects(self) -> Iterator[dict[str, Any]]:
        """Return the rows as objects."""
        names = self.batch.schema.names
        rows = zip(*map(self.column, names), strict=True)
        return (dict(zip(names, row, strict=True)) for row in rows)

    def content(self, place: int) -> str:
        """Return one row."""
        return as_json(next(ArrowBlock([], self.batch.slice(place, 1)).objects()))


def decode(batch: Batch, schema: bytes) -> tuple[Block, list[Note]]:
    """Return the rows; those of Parquet are all well-formed."""
    read = pa.ipc.read_record_batch(pa.py_buffer(batch.content), _schema(schema))
    return ArrowBlock(range(batch.first, batch.first + batch.count), read), []


def stored(source: ParquetSource) -> bytes:
    """Return the schema of a file's rows as it travels."""
    return _stored(source.schema)


def schema_of(
    source: object, kinds: Mapping[str, Kind], wanted: Mapping[str, Kind], names: Sequence[str]
) -> bytes:
    """Return the schema of a file to be written: columns as they were, and what is wanted.

    `kinds` are those of columns that have no type of their own; without any they are texts. A
    wanted column that is there and empty gets the type that is wanted. Raises `Unusable` where one
    holds values of another type: what is found could not stand beside them.
    """
    before = source.schema if isinstance(source, ParquetSource) else pa.schema([])
    fields = []
    for name in names:
        if name in kinds and name in wanted:
            fields.append(pa.field(name, _ARROW[common(kinds[name], wanted[name]) or "text"]))
        elif name in before.names and name in wanted:
            assert isinstance(source, ParquetSource)  # noqa: S101 - others have no types
            fields.append(_wanted(source, before.field(name), wanted[name]))
        elif name in before.names:
            fields.append(before.field(name).with_nullable(True))
        elif name in kinds:
            fields.append(pa.field(name, _ARROW[kinds[name]]))
        else:
            fields.append(pa.field(name, _ARROW[wanted.get(name, "text")]))
    return _stored(pa.schema(fields))


def _wanted(source: ParquetSource, field: "Field", kind: Kind) -> "Field":
    """Return the field of a wanted column that is there. Raises `Unusable` for another type."""
    if pa.types.is_null(field.type) or source.is_empty(field.name):
        return pa.field(field.name, _ARROW[kind])
    if kind == "integer" and pa.types.is_integer(field.type):
        return pa.field(field.name, pa.int64())
    if arrow_values.holds(field.type, kind):
        return field.with_nullable(True)
    raise Unusable(
        f"The column {field.name} is there already and holds {field.type}, and {_WORDS[kind]} "
        "wanted in it; give it another name or type."
    )


_WORDS: Mapping[Kind, str] = {
    "text": "text is",
    "number": "numbers are",
    "integer": "whole numbers are",
    "flag": "true and false are",
    "texts": "lists of texts are",
}


def encode(block: Block, schema: bytes, filled: Mapping[str, Sequence[Any]]) -> bytes:
    """Return rows as a whole stream in Arrow's format, of one record batch."""
    target = _schema(schema)
    columns = [_array(block, field, filled.get(field.name)) for field in target]
    stream = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_stream(stream, target, options=options) as writer:
        writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=target))
    written: bytes = stream.getvalue().to_pybytes()
    return written


def finish(work: Path, schema: bytes, path: Path) -> None:
    """Turn streams that were written one after another into a Parquet file."""
    target = _schema(schema)
    size = os.path.getsize(work)
    with (
        pa.OSFile(str(work)) as streams,
        pq.ParquetWriter(path, target, compression="zstd") as file,
    ):
        waiting: list[RecordBatch] = []
        while streams.tell() < size:
            with pa.ipc.open_stream(streams) as reader:
                waiting.extend(reader)
            if sum(batch.num_rows for batch in waiting) >= GROUP:
                file.write_table(pa.Table.from_batches(waiting, target))
                waiting.clear()
        file.write_table(pa.Table.from_batches(waiting, target))


_ARROW: Mapping[Kind, "DataType"] = {
    "text": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "flag": pa.bool_(),
    "texts": pa.list_(pa.string()),
}
_KINDS: Mapping["DataType", Kind] = {kind: name for name, kind in _ARROW.items()}


def _array(block: Block, field: "Field", found: Sequence[Any] | None) -> "Array":
    """Return one column; a value that does not fit it is left out."""
    if found is None:
        if isinstance(block, ArrowBlock):
            return block.batch.column(field.name)
        found = block.column(field.name)
    try:
        return pa.array(found, field.type)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return pa.array([_fit(value, field.type) for value in found], field.type)


def _fit(value: Any, kind: "DataType") -> Any:
    if value is None:
        return None
    if kind in _KINDS:
        return fitted(_KINDS[kind], value)
    try:
        return pa.scalar(value, kind).as_py()
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return None


def _stored(schema: "Schema") -> bytes:
    written: bytes = schema.serialize().to_pybytes()
    return written


@lru_cache
def _schema(stored: bytes) -> "Schema":
    return pa.ipc.read_schema(pa.py_buffer(stored))


def _plain(schema: "Schema") -> "Schema":
    """Return a schema whose texts are texts, not places in a dictionary each batch has anew."""
    fields = [field.with_type(arrow_values.plain(field.type)) for field in schema]
    return pa.schema(fields, schema.metadata)


def _as(schema: "Schema", batch: "RecordBatch") -> "RecordBatch":
    columns = [
        column if column.type == field.type else arrow_values.decoded(column, field.type)
        for column, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")
