"""Lists, read page after page as one goes."""

from collections.abc import AsyncIterator
from typing import Any, Generic, TypeVar

from burnish.client.answers.answer import Answer, Listed
from burnish.client.asynchronous.line import Line

T = TypeVar("T", bound=Answer)


class Pages(Generic[T]):
    """The items of a list. Nothing is asked before the first one is wanted.

    `limit` is how many a page has (100 at most); the list goes on over all pages.
    """

    def __init__(self, line: Line, kind: type[T], path: str, /, **query: Any) -> None:
        """Keep where the list is, and which of it is wanted."""
        self._line = line
        self._kind = kind
        self._path = path
        self._query = query

    async def __aiter__(self) -> AsyncIterator[T]:
        """Yield item after item."""
        async for page in self.pages():
            for item in page.items:
                yield item

    async def pages(self) -> AsyncIterator[Listed[T]]:
        """Yield page after page."""
        kind = Listed[self._kind]  # type: ignore[name-defined] # known when it runs
        page: Listed[T] = await self._line.get(kind, self._path, **self._query)
        yield page
        while page.next:
            page = await self._line.get(kind, page.next)
            yield page

    async def first(self) -> T | None:
        """Return the first item, or None where the list is empty."""
        async for item in self:
            return item
        return None
