"""What the worker does for this room."""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from burnish_server.enrichment import fills
from burnish_server.profiles import store as profiles

_LOOKUPS = "DELETE FROM enrichment_lookup WHERE at < %s"

_RUNS = """
DELETE FROM enrichment_run AS run WHERE started_at < %s AND state <> 'waiting'
    AND NOT EXISTS (SELECT FROM enrichment_lookup WHERE run_id = run.id)
"""

# Where somebody is asking, the row is their claim: others wait for what they will put there.
_KEPT = """
DELETE FROM enrichment_kept WHERE (kept_until IS NULL OR kept_until < now())
    AND (claimed_until IS NULL OR claimed_until < now())
"""


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="enrichment.note_fills", pass_context=False)
def note_fills(timestamp: int) -> None:
    """Note how full the attributes are today; once an hour."""
    fills.note(profiles.schema(), timezone.now().date())


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="enrichment.forget", pass_context=False)
def forget(timestamp: int) -> None:
    """Forget lookups and runs older than the settings keep them, and answers past their time."""
    since = timezone.now() - timedelta(days=settings.BURNISH.lookups.log_days)
    with connection.cursor() as cursor:
        cursor.execute(_LOOKUPS, [since])
        cursor.execute(_RUNS, [since])
        cursor.execute(_KEPT)
