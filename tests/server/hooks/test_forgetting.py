"""The hook log does not grow for ever."""

from datetime import timedelta

import pytest
from django.utils import timezone

from burnish_server.hooks.models import Run
from burnish_server.hooks.tasks import forget_runs


@pytest.mark.django_db
def test_runs_older_than_the_settings_keep_them_are_forgotten() -> None:
    for days in (1, 29, 31):
        Run.objects.create(
            hook_name=f"{days}-days-ago",
            event_type="user.pre_create",
            event_seq=days,
            outcome="allowed",
            duration_ms=1,
            started_at=timezone.now() - timedelta(days=days),
        )

    forget_runs(timestamp=0)

    assert set(Run.objects.values_list("hook_name", flat=True)) == {"1-days-ago", "29-days-ago"}
