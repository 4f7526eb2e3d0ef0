"""What is configured, kept in memory for as long as its rows stay the same."""

from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connection
from django.db.models import Model

from burnish_server import prepared

T = TypeVar("T")


class Kept(Generic[T]):
    """Something made from every row of a few small tables: read once, and again when they change.

    Each call asks the database one short question, for the versions of the rows (PostgreSQL's
    `ctid` and `xmin`), so what another process has committed is never missed.
    """

    def __init__(self, read: Callable[[], T], *tables: type[Model]) -> None:
        names = [connection.ops.quote_name(table._meta.db_table) for table in tables]
        parts = [f"(SELECT array_agg((ctid, xmin)::text) FROM {name})" for name in names]  # noqa: S608
        self.versions = ", ".join(parts)
        """The columns by which a statement of another room asks for the versions, for `at`."""
        self.count = len(parts)
        self._read = read
        self._kept: tuple[object, T] | None = None

    def __call__(self) -> T:
        """Return it as it is now."""
        return self.at(prepared.row(f"SELECT {self.versions}"))

    def at(self, now: object) -> T:
        """Return it as it is at these versions, which somebody has just read."""
        kept = self._kept
        if kept is None or kept[0] != now:
            # In this order: rows that change in between are read anew next time.
            kept = self._kept = (now, self._read())
        return kept[1]
