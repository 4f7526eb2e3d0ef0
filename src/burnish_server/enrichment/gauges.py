"""What all processes remember of providers, read and mended from Django's threads."""

from django.db import connection
from django.utils import timezone

from burnish.enrichment.meter import Gauge
from burnish_server.enrichment import models

_LIFT = """
UPDATE enrichment_gauge SET state = state || '{"blocked_until": 0, "blocked_for": "",
    "failures": 0, "rests": 0, "resting_until": 0, "probing_until": 0}'::jsonb
WHERE provider = %s
"""


def current() -> dict[str, Gauge]:
    """Return every gauge by its provider's name, as it stands at this moment."""
    now = timezone.now().timestamp()
    gauges = {row.provider: Gauge.from_json(row.state) for row in models.Gauge.objects.all()}
    for gauge in gauges.values():
        gauge.turn(now)
    return gauges


def lift(provider: str) -> None:
    """Have a provider asked again that was left alone; what was spent stays noted."""
    with connection.cursor() as cursor:
        cursor.execute(_LIFT, [provider])
