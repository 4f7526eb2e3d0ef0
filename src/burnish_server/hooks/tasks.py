"""What the worker does for this room."""

from datetime import date, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from burnish_server.hooks.forget import finish
from burnish_server.hooks.models import Cached, Delivery, Event, Run

AHEAD = 3
"""Days for which there are partitions beforehand."""

_PARTITIONS = """
SELECT child.relname FROM pg_inherits
JOIN pg_class AS child ON child.oid = inhrelid
JOIN pg_class AS parent ON parent.oid = inhparent
WHERE parent.relname = %s
"""


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="hooks.forget", pass_context=False)
def forget(timestamp: int) -> None:
    """Forget runs, events and deliveries older than the settings keep them; once a night.

    Nothing is forgotten that is still on its way.
    """
    now, options = timezone.now(), settings.BURNISH.hooks
    make_days(now.date())
    kept = timedelta(days=options.log_days)
    on_its_way = timedelta(hours=options.give_up_hours) + timedelta(days=1)
    since = now - max(kept, on_its_way)
    drop_days(since.date())
    Delivery.objects.filter(created_at__lt=since).delete()
    Event.objects.filter(created_at__lt=since).delete()
    Run.objects.filter(started_at__lt=now - kept).delete()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="hooks.forget_cached", pass_context=False)
def forget_cached(timestamp: int) -> None:
    """Remove what hooks kept and may no longer use."""
    Cached.objects.filter(expires_at__lt=timezone.now()).delete()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="hooks.finish_forgetting", pass_context=False)
def finish_forgetting(timestamp: int) -> None:
    """Forget what was still being delivered when somebody was deleted or anonymised."""
    finish(timezone.now())


def make_days(today: date) -> None:
    """Make the partitions of the next days."""
    with connection.cursor() as cursor:
        for ahead in range(AHEAD + 1):
            cursor.execute("SELECT hooks_day(%s)", [today + timedelta(days=ahead)])


def drop_days(oldest: date) -> None:
    """Drop the partitions of days before `oldest`: at once, whatever they hold."""
    last = f"{oldest:%Y%m%d}"
    with connection.cursor() as cursor:
        for table in ("hooks_event", "hooks_delivery"):
            cursor.execute(_PARTITIONS, [table])
            for (name,) in cursor.fetchall():
                day = name.removeprefix(f"{table}_")
                if day.isdigit() and day < last:
                    cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)}")
