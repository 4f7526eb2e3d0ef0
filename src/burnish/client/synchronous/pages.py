"""Lists, read page after page as one goes."""

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from burnish.client.answers.answer import Answer, Listed
from burnish.client.synchronous.line import Line

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

    def __iter__(self) -> Iterator[T]:
        """Yield item after item."""
        for page in self.pages():
            for item in page.items:
                yield item

    def pages(self) -> Iterator[Listed[T]]:
        """Yield page after page."""
        kind = Listed[self._kind]  # type: ignore[name-defined] # known when it runs
        page: Listed[T] = self._line.get(kind, self._path, **self._query)
        yield page
        while page.next:
            page = self._line.get(kind, page.next)
            yield page

    def first(self) -> T | None:
        """Return the first item, or None where the list is empty."""
        for item in self:
            return item
        return None
