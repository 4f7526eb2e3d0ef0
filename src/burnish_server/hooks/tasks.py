"""What the worker does for this room."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from burnish_server.hooks.models import Run


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="hooks.forget_runs")
def forget_runs(timestamp: int) -> None:
    """Remove runs from the hook log that are older than the settings keep them; once a night."""
    oldest = timezone.now() - timedelta(days=settings.BURNISH.hooks.log_days)
    Run.objects.filter(started_at__lt=oldest).delete()
