"""How much of something is used in a month, and that a quota is reached."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from burnish.events.usage import UsageAlertTriggered
from burnish_server.hooks import store as hooks
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.models import Usage


def count(name: str, quota: int, stops: bool) -> None:
    """Count one more; with the last one of the quota, hooks are told. A quota of 0 is none."""
    at = timezone.now()
    with transaction.atomic():
        Usage.objects.get_or_create(name=name, month=_month())
        row = Usage.objects.select_for_update().get(name=name, month=_month())
        row.count = F("count") + 1
        row.save(update_fields=["count"])
        row.refresh_from_db()
        if quota and row.count == quota:
            action = "block" if stops else "alert"
            event = UsageAlertTriggered(name, action, "month", quota, row.count)
            hooks.happened(event, Circumstances("system").context(None, at), at)


def is_used_up(name: str, quota: int) -> bool:
    """Return whether this month's quota is reached."""
    return (
        bool(quota) and Usage.objects.filter(name=name, month=_month(), count__gte=quota).exists()
    )


def _month() -> str:
    return f"{timezone.now():%Y-%m}"
