"""Lists of a million things: counted as far as anyone pages, and continued from the last one."""

from typing import Any

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Model
from django.utils.functional import cached_property

CAP = 1000
"""How far a list is counted and paged."""


class CappedPaginator(Paginator):
    """Counts no further than to the cap, so that a page costs the same however many there are."""

    template_name = "portal/paging.html"

    @cached_property
    def _counted(self) -> int:
        things: Any = self.object_list
        return int(things.order_by()[: CAP + 1].count())

    @property
    def count(self) -> int:
        """How many there are, as far as they are counted."""
        return min(self._counted, CAP)

    @property
    def in_words(self) -> str:
        """How many there are, and whether that is all."""
        return f"{'More than ' if self.more else ''}{self.count:,}"

    @property
    def more(self) -> bool:
        """Whether there are more than are counted."""
        return self._counted > CAP


def roughly(model: type[Model]) -> int:
    """Return how many rows a table has: exactly while they are few, else by estimate."""
    counted = int(model._default_manager.order_by()[: CAP + 1].count())
    if counted <= CAP:
        return counted
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass",
            [model._meta.db_table],
        )
        return max(int(cursor.fetchone()[0]), counted)
