"""What is sent to an import: a file, bytes, or records, a line each; never held whole."""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import anyio

Users: TypeAlias = Path | bytes | Iterable[Mapping[str, Any]]
"""A file (`.csv`, else NDJSON), NDJSON as bytes, or records as an import takes them."""

PIECE = 256 * 1024


def media_type(users: Users) -> str:
    """Return how a source of users is written."""
    csv = isinstance(users, Path) and users.suffix.lower() == ".csv"
    return "text/csv" if csv else "application/x-ndjson"


def pieces(users: Users) -> Iterator[bytes]:
    """Yield a source of users as it is sent."""
    if isinstance(users, Path):
        with users.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    else:
        yield from _written(users)


async def apieces(users: Users) -> AsyncIterator[bytes]:
    """Yield a source of users as it is sent; a file is read beside the event loop."""
    if isinstance(users, Path):
        async with await anyio.open_file(users, "rb") as file:
            while piece := await file.read(PIECE):
                yield piece
    else:
        for piece in _written(users):
            yield piece


def _written(users: bytes | Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    if isinstance(users, bytes):
        yield users
        return
    waiting: list[bytes] = []
    size = 0
    for record in users:
        waiting.append(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        size += len(waiting[-1])
        if size >= PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)
