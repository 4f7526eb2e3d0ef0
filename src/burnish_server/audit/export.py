"""The audit log as a file: lines of JSON, or a table."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Literal

from burnish_server.audit.models import Entry
from burnish_server.audit.search import FIELDS, as_json

Kind = Literal["ndjson", "csv"]

MEDIA_TYPES: dict[Kind, str] = {
    "ndjson": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
}

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """Takes what the CSV writer writes, and hands it on."""

    def write(self, text: str) -> str:
        return text


def lines(entries: Iterable[Entry], kind: Kind) -> Iterator[str]:
    """Yield the text of an export, a line an entry; a table begins with the names of columns."""
    if kind == "ndjson":
        for entry in entries:
            yield json.dumps(as_json(entry), ensure_ascii=False) + "\n"
        return
    writer = csv.writer(_Line())
    yield str(writer.writerow(FIELDS))
    for entry in entries:
        yield str(writer.writerow([_cell(value) for value in as_json(entry).values()]))


def _cell(value: object) -> str:
    """Return a cell; a spreadsheet takes none of them for a formula."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
