"""What the worker does for this room."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from burnish_server.audit import forget


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="audit.forget_old", pass_context=False)
def forget_old(timestamp: int) -> None:
    """Remove what is older than the settings keep it; once a night."""
    days = settings.BURNISH.audit.log_days
    if days:
        forget.before(timezone.now() - timedelta(days=days))
