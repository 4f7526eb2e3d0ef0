"""What is configured, kept in memory for as long as its rows stay the same."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

from burnish_server import prepared

T = TypeVar("T")

_at_pages: dict[str, str] = {}
"""By the name of each table that people's pages go by: the column that reads its versions."""

_looking = threading.local()


class Kept(Generic[T]):
    """Something made from every row of a few small tables: read once, and again when they change.

    Each call asks the database one short question, for the versions of the rows (PostgreSQL's
    `ctid` and `xmin`), so what another process has committed is never missed. What nearly every
    page people see goes by is `at_pages`: see `one_look`.
    """

    def __init__(self, read: Callable[[], T], *tables: type[Model], at_pages: bool = False) -> None:
        names = [connection.ops.quote_name(table._meta.db_table) for table in tables]
        parts = [f"(SELECT array_agg((ctid, xmin)::text) FROM {name})" for name in names]  # noqa: S608
        self.versions = ", ".join(parts)
        """The columns by which a statement of another room asks for the versions, for `at`."""
        self.count = len(parts)
        self._read = read
        self._kept: tuple[object, T] | None = None
        self._looked_at = names if at_pages else []
        if at_pages:
            _at_pages.update(zip(names, parts, strict=True))

    def __call__(self) -> T:
        """Return it as it is now."""
        look: _Look | None = getattr(_looking, "look", None)
        if look is not None and self._looked_at:
            return self.at(look.versions(self._looked_at))
        return self.at(prepared.row(f"SELECT {self.versions}"))

    def at(self, now: object) -> T:
        """Return it as it is at these versions, which somebody has just read."""
        kept = self._kept
        if kept is None or kept[0] != now:
            # In this order: rows that change in between are read anew next time.
            kept = self._kept = (now, self._read())
        return kept[1]


@contextmanager
def one_look() -> Iterator[None]:
    """Take one look at all that pages go by, for one question, when this thread first needs it.

    What is changed in the block is not seen in it: it is for those who change no configuration.
    """
    _looking.look = _Look()
    try:
        yield
    finally:
        _looking.look = None


class _Look:
    def __init__(self) -> None:
        self._found: dict[str, Any] | None = None

    def versions(self, names: list[str]) -> tuple[Any, ...]:
        if self._found is None:
            columns = dict(_at_pages)
            row = prepared.row(f"SELECT {', '.join(columns.values())}")
            self._found = dict(zip(columns, row or (), strict=True))
        return tuple(self._found[name] for name in names)
