"""What the worker does for this room."""

from datetime import date

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from burnish_server.profiles import indexes

AHEAD = 2
"""Months of history for which there is a partition beforehand."""


@app.periodic(cron="17 3 * * *")
@app.task(pass_context=False)
def make_months(timestamp: int) -> None:
    """Make the history's next partitions."""
    today = timezone.now().date()
    for ahead in range(AHEAD + 1):
        month = date(
            today.year + (today.month - 1 + ahead) // 12, (today.month - 1 + ahead) % 12 + 1, 1
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT profiles_history_month(%s)", [month])


@app.task(lock="sync_indexes")
def sync_indexes() -> None:
    """Make the indexes of searchable attributes what the definitions ask for."""
    indexes.sync()
