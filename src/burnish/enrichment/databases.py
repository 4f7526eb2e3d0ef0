"""Databases one can ask, reading only: SQLite files and PostgreSQL."""

import asyncio
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias
from urllib.parse import quote, unquote, urlsplit

from burnish import resolving
from burnish.enrichment import database_access
from burnish.enrichment.client import Unreachable
from burnish.enrichment.database_access import DatabaseAccess, NotAllowed
from burnish.enrichment.query import Query
from burnish.errors import InvalidSettings

if TYPE_CHECKING:
    from psycopg import AsyncConnection

Row: TypeAlias = Mapping[str, Any]

CONNECTIONS = 8
"""How many connections to one database there are at most; they are kept for the next questions."""


class Refused(Exception):
    """The database refuses the query; the message says by which code."""


class Database(Protocol):
    """Answers one query, whose parameters change."""

    def confine(self, access: DatabaseAccess) -> None:
        """Ask nothing from now on that is not listed. Raises `NotAllowed` where this is not."""

    async def rows(self, known: Mapping[str, Any]) -> list[Row]:
        """Return two rows at most.

        Raises `Unreachable`, `Refused`, `NotAllowed` or `TimeoutError`.
        """

    async def close(self) -> None:
        """Close the connections that are kept."""


def database(url: str, query: Query, seconds: float) -> Database:
    """Return the database at a URL. Raises `InvalidSettings`."""
    if url.startswith("sqlite:"):
        return Sqlite(Path(unquote(urlsplit(url).path)), query, seconds)
    return Postgres(url, query, seconds)


class Sqlite:
    """A file of SQLite, opened for each question, in a thread."""

    def __init__(self, path: Path, query: Query, seconds: float) -> None:
        """Describe the question; nothing is opened yet."""
        self._path = path
        self._text = query.text()
        self._seconds = seconds
        self._access: DatabaseAccess | None = None

    def confine(self, access: DatabaseAccess) -> None:
        access.file(self._path)
        self._access = access

    async def rows(self, known: Mapping[str, Any]) -> list[Row]:
        return await asyncio.to_thread(self._read, known)

    async def close(self) -> None:
        """There is nothing to close."""

    def _read(self, known: Mapping[str, Any]) -> list[Row]:
        until = time.monotonic() + self._seconds
        # Links are followed each time: they may lead elsewhere by now.
        path = self._path.absolute() if self._access is None else self._access.file(self._path)
        try:
            # Without an authority (//), the path's own slashes could name one.
            uri = f"file://{quote('/' + str(path).lstrip('/'))}?mode=ro"
            connection = sqlite3.connect(uri, uri=True, timeout=self._seconds)
        except (sqlite3.Error, ValueError):
            raise Unreachable("the database file cannot be opened") from None
        try:
            connection.row_factory = sqlite3.Row
            connection.set_authorizer(_only_this_file)
            connection.set_progress_handler(lambda: time.monotonic() > until, 10_000)
            return [dict(row) for row in connection.execute(self._text, known)]
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorname", type(error).__name__)
            if code in ("SQLITE_INTERRUPT", "SQLITE_BUSY"):
                raise TimeoutError from None
            raise Refused(code) from None
        finally:
            connection.close()


def _only_this_file(action: int, *_about: str | None) -> int:
    """Refuse whatever would open another file, be it by a view in this one."""
    return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK


class Postgres:
    """PostgreSQL, over a few connections. Belongs to the event loop that uses it."""

    def __init__(self, url: str, query: Query, seconds: float) -> None:
        """Describe the question; no connection is made yet. Raises `InvalidSettings`."""
        try:
            import psycopg  # it comes with the server, and whoever has SQLite does not need it
        except ImportError:
            raise InvalidSettings(
                "PostgreSQL is asked through psycopg; install it with pip install burnish[server]."
            ) from None
        try:
            self._parameters = psycopg.conninfo.conninfo_to_dict(url)
        except psycopg.Error:
            raise InvalidSettings("The database_url cannot be read as a PostgreSQL URL.") from None
        self._psycopg = psycopg
        self._access: DatabaseAccess | None = None
        self._text = query.text("%({})s", lambda text: text.replace("%", "%%"))
        self._milliseconds = str(max(1, round(seconds * 1000)))
        self._idle: list[AsyncConnection[Any]] = []
        self._places = asyncio.Semaphore(CONNECTIONS)

    def confine(self, access: DatabaseAccess) -> None:
        access.server(self._parameters)
        self._access = access

    async def rows(self, known: Mapping[str, Any]) -> list[Row]:
        psycopg = self._psycopg
        try:
            async with self._places:
                return await self._rows(known)
        except psycopg.errors.QueryCanceled:
            raise TimeoutError from None
        except psycopg.Error as error:
            if error.sqlstate is None or error.sqlstate[:2] in ("08", "28", "3D", "53", "57"):
                raise Unreachable("the database cannot be reached") from None
            raise Refused(error.sqlstate) from None

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().close()

    async def _rows(self, known: Mapping[str, Any]) -> list[Row]:
        while self._idle:
            connection = self._idle.pop()
            try:
                return await self._ask(connection, known)
            except self._psycopg.OperationalError:
                if not connection.broken:  # else it ended while it was idle
                    raise
        return await self._ask(await self._connect(), known)

    async def _connect(self) -> "AsyncConnection[Any]":
        connection = await self._psycopg.AsyncConnection.connect(
            **await self._where(), prepare_threshold=None, row_factory=self._psycopg.rows.dict_row
        )
        try:
            await connection.set_read_only(True)
            if self._access is not None:
                await self._inspect(connection)
        except BaseException:
            await connection.close()
            raise
        return connection

    async def _where(self) -> dict[str, Any]:
        """Return what libpq is told. Raises `NotAllowed` or `Unreachable`."""
        if self._access is None:
            return dict(self._parameters)
        host, port = self._access.server(self._parameters)
        try:
            addresses = await self._access.addresses(host, port)
        except resolving.Refused as refused:
            raise NotAllowed(f"{refused}.") from None
        except OSError:
            raise Unreachable("the database's name is not known") from None
        return {**self._parameters, "port": port, **database_access.pinned(host, addresses)}

    async def _inspect(self, connection: "AsyncConnection[Any]") -> None:
        """Look at what was reached, whatever its address was. Raises `NotAllowed`."""
        cursor = await connection.execute(
            database_access.INSPECTION, [list(database_access.OWN_TABLES)]
        )
        (found,) = await cursor.fetchall()
        await connection.rollback()
        database_access.judge(found)

    async def _ask(self, connection: "AsyncConnection[Any]", known: Mapping[str, Any]) -> list[Row]:
        try:
            await connection.execute(
                "select set_config('statement_timeout', %s, true)", [self._milliseconds]
            )
            cursor = await connection.execute(self._text.encode(), known)
            rows: list[Row] = await cursor.fetchall()
            await connection.rollback()
        except BaseException:
            await connection.close()
            raise
        self._idle.append(connection)
        return rows
