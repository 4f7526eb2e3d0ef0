"""Which format a file has, by its ending."""

from pathlib import Path
from typing import Literal, TypeAlias, get_args

from burnish.enrichment.files.fault import Unusable

Format: TypeAlias = Literal["csv", "tsv", "jsonl", "parquet"]

FORMATS: tuple[Format, ...] = get_args(Format)
ENDINGS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}

STDIO = Path("-")
"""Stands for stdin or stdout."""


def format_of(path: Path, said: str | None, otherwise: Format = "csv") -> Format:
    """Return the format somebody said, else that of the ending; stdio has `otherwise`."""
    if said is not None:
        for name in FORMATS:
            if said == name:
                return name
        raise Unusable(f"There is no format {said}; there are {', '.join(FORMATS)}.")
    if path == STDIO:
        return otherwise
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        known = ", ".join(ENDINGS)
        raise Unusable(f"{path} has an ending of no format that is known: {known}.")
    return ENDINGS[ending]
