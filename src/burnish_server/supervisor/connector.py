"""How a worker reaches its jobs: by a pool of its own; what its tasks defer, by Django.

procrastinate's own connector defers on a connection of its own as soon as its pool is open. A
task's `.defer()` would then be committed before, and without, the transaction that calls it.
"""

from procrastinate import PsycopgConnector
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params


class WorkerConnector(PsycopgConnector):
    """A pool for the worker itself, and the connection of the calling thread for `.defer()`.

    A job deferred within `transaction.atomic()` is committed with it, or rolled back with it, in a
    worker as in a web process.
    """

    def __init__(self, connections: int) -> None:
        """Open at most so many connections, on Django's database."""
        super().__init__(kwargs=connector_params(), min_size=1, max_size=connections)
        self._calling_thread = DjangoConnector()

    def get_sync_connector(self) -> BaseConnector:
        """Return what synchronous calls, `.defer()` among them, go by."""
        return self._calling_thread
