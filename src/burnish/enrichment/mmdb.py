"""A database in MaxMind's format, read from a file that may be replaced while we run."""

import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import maxminddb_rust
import structlog

from burnish.enrichment.reading import BadAnswer
from burnish.errors import InvalidSettings

log = structlog.get_logger("burnish.enrichment")

GLANCE_SECONDS = 1.0
"""How often, at most, a lookup sees whether the file has changed."""

Get: TypeAlias = Callable[[tuple[str | int, ...]], Any]
"""Returns what stands at a path in a record, or None."""

_UNREADABLE = (OSError, ValueError, maxminddb_rust.InvalidDatabaseError)


class Database:
    """A database file. One that changes is opened anew, and the old one serves until it is open.

    It is read into memory: a mapped file that is written over would take the process down.
    """

    def __init__(self, path: Path) -> None:
        """Open the file. Raises `InvalidSettings`."""
        self._path = path
        self._looked = time.monotonic()
        self._stamp = _stamp(path)
        if self._stamp is None:
            raise InvalidSettings(f"There is no file {path}; put the database there.")
        try:
            self._open()
        except _UNREADABLE:
            raise InvalidSettings(f"{path} cannot be read as a MaxMind database.") from None

    @property
    def type(self) -> str:
        """What the database calls its layout, such as `GeoLite2-City`."""
        return self._reader.metadata().database_type

    def record(self, ip: str) -> Get:
        """Return how to read the record of an address; only what is asked for is decoded.

        Reading raises `BadAnswer` where the database is broken.
        """
        if time.monotonic() - self._looked >= GLANCE_SECONDS:
            self._glance()
        reader = self._reader

        def get(path: tuple[str | int, ...]) -> Any:
            try:
                return reader.get_path(ip, path)
            except (ValueError, TypeError):
                return None  # this is no address, or one of IPv6 in a database of IPv4
            except maxminddb_rust.InvalidDatabaseError:
                raise BadAnswer("the database is broken") from None

        return get

    def _glance(self) -> None:
        """Open the file anew where it has changed; one that is broken waits for its next change."""
        self._looked = time.monotonic()
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._open()
        except _UNREADABLE as error:
            why = type(error).__name__
            log.warning("broken database ignored", file=self._path.name, error=why)
        else:
            log.info("database replaced", file=self._path.name, type=self.type)

    def _open(self) -> None:
        reader = maxminddb_rust.open_database(self._path, maxminddb_rust.MODE_MEMORY)
        # What is damaged mostly shows at the first record, and so does the layout.
        _, record = next(iter(reader), (None, None))
        parts = record.values() if isinstance(record, dict) else ()
        self.is_nested = any(isinstance(part, dict) for part in parts)
        self._reader = reader


database = cache(Database)
"""The database of a path, which is in memory once however many providers read it."""


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file does, or None where there is none."""
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ino, stat.st_size
