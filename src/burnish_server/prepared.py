"""Statements asked all the time, which PostgreSQL plans once for each connection, not each time."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper

NEVER_BY_ITSELF = 2**31 - 1
"""The `prepare_threshold` of connections: a statement is prepared only where it is asked for."""


class _Cursor(psycopg.Cursor[tuple[Any, ...]]):
    """Binds values in the server, which Django's own cursors do not, and prepares statements."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> "_Cursor":
        return super().execute(query, params, prepare=True)


def row(statement: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """Return the first row of a statement, which is planned when a connection first asks it.

    It is the same text each time, and names the types that PostgreSQL cannot infer of its values.
    """
    with _cursor() as cursor:
        cursor.execute(statement, values)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found


def _cursor() -> CursorWrapper:
    if connection.queries_logged:
        # Only of its own cursors Django can tell what they executed.
        return connection.cursor()
    connection.ensure_connection()
    return connection.make_cursor(_Cursor(connection.connection))  # type: ignore[arg-type]
