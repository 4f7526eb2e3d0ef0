"""Django's PostgreSQL backend, which asks a pooled connection only when in doubt if it still lives.

Asking costs a round trip, which Django's own check spends on every request. A connection that its
server has closed is readable, which the operating system tells at once. One that nobody has
closed, but a network has forgotten, is told by asking those that rested for a while.
"""

import select
import time
from typing import Any

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg_pool import ConnectionPool

RESTED_SECONDS = 5.0
"""How long ago a connection was last given back that is asked before it is used again."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection of the pool; Django finds it by this name."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection of the pool that lives; dead ones are given back, and replaced."""
        while True:
            taken = super().get_new_connection(conn_params)
            if self.pool is None or lives(taken):
                return taken
            self.pool.putconn(taken)

    def _close(self) -> None:
        if self.connection is not None:
            self.connection.given_back_at = time.monotonic()
        super()._close()  # type: ignore[misc]


def lives(taken: Any) -> bool:
    """Tell whether a connection can be used, asking its server only when in doubt."""
    rested = time.monotonic() - getattr(taken, "given_back_at", 0.0)
    if rested < RESTED_SECONDS and not _readable(taken):
        return True
    try:
        ConnectionPool.check_connection(taken)
    except OperationalError:
        return False
    return True


def _readable(taken: Any) -> bool:
    """Tell whether something came that nobody asked for: nearly always a farewell."""
    if taken.closed:
        return True
    waiting = select.poll()
    waiting.register(taken.fileno(), select.POLLIN)
    return bool(waiting.poll(0))
