"""Imports and exports: streamed, followed until they are over, and read."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Literal

from burnish.client import reading
from burnish.client.answers.transfers import Became, Export, Identifier, Import, Outcome
from burnish.client.ask import path, stated
from burnish.client.asynchronous.line import Line
from burnish.client.asynchronous.pages import Pages
from burnish.client.body import Users, apieces, media_type
from burnish.client.pause import apause

EVERY = 0.5
"""Seconds between two questions how far it is."""


class Imports:
    """Users taken in, any number of them."""

    def __init__(self, line: Line) -> None:
        """Ask by this line."""
        self._line = line

    async def begin(
        self,
        users: Users,
        *,
        identifier: Identifier = "email",
        upsert: bool = False,
        dry_run: bool = False,
        hooks: bool = False,
        enrich: bool = False,
    ) -> Import:
        """Send users: a path of a `.csv` or NDJSON file, bytes of NDJSON, or records.

        The body is streamed, so it is sent once. Raises Invalid where the whole makes no sense;
        what is wrong with single rows is among the outcomes.
        """
        how = {"identifier": identifier, "upsert": upsert, "dry_run": dry_run}
        named = self._line.changing("POST", path("imports"))
        wanted = replace(
            named,
            headers={**named.headers, "Content-Type": media_type(users)},
            query={**how, "hooks": hooks, "enrich": enrich},
            content=apieces(users),
        )
        return reading.read(Import, await self._line.send(wanted))

    async def get(self, import_id: str) -> Import:
        """Say how far an import is. Raises NotFound; one is kept for a day."""
        return await self._line.get(Import, path("imports", import_id))

    async def finished(
        self, import_id: str, progress: Callable[[Import], object] | None = None
    ) -> Import:
        """Wait until an import is over; `progress` is called with how far it is."""
        while True:
            run = await self.get(import_id)
            if progress:
                progress(run)
            if run.over:
                return run
            await apause(EVERY)

    def list(self, *, limit: int = 100) -> Pages[Import]:
        """List the imports of the last day, the latest first."""
        return Pages(self._line, Import, path("imports"), limit=limit)

    async def cancel(self, import_id: str) -> Import:
        """End an import where it is; users who are written stay. Raises Conflict."""
        return await self._line.change(Import, "POST", path("imports", import_id, "cancel"))

    async def outcomes(
        self, import_id: str, outcome: Became | None = None, *, limit: int = 1000
    ) -> AsyncIterator[Outcome]:
        """Yield what became of each row, in their order; `limit` is the size of a page."""
        where: str | None = path("imports", import_id, "outcomes")
        query = {"outcome": outcome, "limit": limit}
        while where:
            answer = await self._line.read(where, **query)
            for line in reading.lines(Outcome, answer):
                yield line
            where, query = reading.onward(answer), {}


class Exports:
    """All users in one file."""

    def __init__(self, line: Line) -> None:
        """Ask by this line."""
        self._line = line

    async def begin(
        self,
        format: Literal["ndjson", "csv"] = "ndjson",
        *,
        columns: Sequence[str] | None = None,
    ) -> Export:
        """Have a file of all users written; `columns` of CSV are JSON pointers. Raises Invalid."""
        fields = [{"pointer": one} for one in columns] if columns is not None else None
        wanted = stated(format=format, columns=fields)
        return await self._line.change(Export, "POST", path("exports"), wanted)

    async def get(self, export_id: str) -> Export:
        """Say how far an export is. Raises NotFound; one is kept for a day."""
        return await self._line.get(Export, path("exports", export_id))

    async def finished(
        self, export_id: str, progress: Callable[[Export], object] | None = None
    ) -> Export:
        """Wait until a file is there; `progress` is called with how far it is."""
        while True:
            run = await self.get(export_id)
            if progress:
                progress(run)
            if run.over:
                return run
            await apause(EVERY)

    def list(self, *, limit: int = 100) -> Pages[Export]:
        """List the exports of the last day, the latest first."""
        return Pages(self._line, Export, path("exports"), limit=limit)

    async def download(self, export_id: str) -> AsyncIterator[bytes]:
        """Yield the file as it comes in. Raises Conflict (`export_not_ready`)."""
        wanted = self._line.reading(path("exports", export_id, "file"))
        async with self._line.stream(wanted) as answer:
            async for piece in answer.aiter_bytes():
                yield piece
