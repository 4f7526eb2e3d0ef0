"""Lists a page at a time, as connections: cursors are base64url of `offset:N`."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

import strawberry

from burnish_server.api.graphql.errors import Refusal, invalid

MOST = 100
"""How many a page holds: more are asked for in vain."""

T = TypeVar("T")

Count = Annotated[int | None, strawberry.argument(description="At most 100.")]
Cursor = str | None


@dataclass(frozen=True, slots=True)
class Window:
    """Which of a list are wanted: from place `start` up to, and without, `stop`."""

    start: int
    stop: int

    def of(self, things: Sequence[T]) -> "Page[T]":
        """Cut a list that is known whole."""
        return Page(
            self, things[self.start : self.stop], len(things) > self.stop, lambda: len(things)
        )


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """What there is in a window, whether there is more behind it, and how many in all."""

    window: Window
    things: Sequence[T]
    more: bool
    count: Callable[[], int]


def window(first: int | None, last: int | None, after: Cursor, before: Cursor) -> Window:
    """Return the window these arguments mean. Raises a refusal."""
    for name, value in (("first", first), ("last", last)):
        if value is not None and value < 0:
            raise Refusal("BadRequest", "InvalidQuery", f"{name} must not be below 0.")
    if last is not None and (before is None or first is not None):
        sentence = "Use last together with before, and without first."
        raise Refusal("BadRequest", "InvalidQuery", sentence)
    start = 0 if after is None else _offset(after) + 1
    if before is None:
        return Window(start, start + min(MOST if first is None else first, MOST))
    stop = _offset(before)
    size = min(MOST if last is None else last, MOST)
    if first is not None:
        return Window(start, max(start, min(stop, start + min(first, MOST))))
    return Window(max(start, stop - size), max(start, stop))


def cursor(offset: int) -> str:
    """Return the cursor of a place in a list."""
    return urlsafe_b64encode(f"offset:{offset}".encode()).decode().rstrip("=")


def _offset(text: str) -> int:
    try:
        plain = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        word, _, number = plain.partition(":")
    except (ValueError, UnicodeError):
        word, number = "", ""
    if word != "offset" or not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise invalid("This cursor is none; take one as a query gave it.", "InvalidCursor")
    return int(number)


@strawberry.type(description="Where in a list this page is.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class Edge(Generic[T]):
    cursor: str
    node: T | None


@strawberry.type
class Connection(Generic[T]):
    edges: list[Edge[T] | None] | None
    page_info: PageInfo
    counted: strawberry.Private[Callable[[], int]]

    @strawberry.field
    def total_count(self) -> int | None:
        """Return how many there are in all; counted only where it is asked for."""
        return self.counted()


def connection(page: Page, nodes: Iterable[T]) -> Connection[T]:
    """Return a page as it is answered, with a node for each thing."""
    start = page.window.start
    edges: list[Edge[T] | None] = [
        Edge(cursor=cursor(place), node=node) for place, node in enumerate(nodes, start)
    ]
    info = PageInfo(
        has_next_page=page.more,
        has_previous_page=start > 0,
        start_cursor=edges[0].cursor if edges and edges[0] else None,
        end_cursor=edges[-1].cursor if edges and edges[-1] else None,
    )
    return Connection(edges=edges, page_info=info, counted=page.count)
