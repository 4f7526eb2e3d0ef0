"""The hook log does not grow for ever."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from burnish_server.hooks.models import Delivery, Event, Hook, Run
from burnish_server.hooks.tasks import forget


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

    forget(timestamp=0)

    assert set(Run.objects.values_list("hook_name", flat=True)) == {"1-days-ago", "29-days-ago"}


@pytest.mark.django_db
def test_events_and_deliveries_are_forgotten_with_their_day(hook: Callable[..., Hook]) -> None:
    told = hook("told", events=["*"])
    for days in (0, 29, 31, 200):
        at = timezone.now() - timedelta(days=days)
        seq = 1000 + days
        Event.objects.create(seq=seq, type="user.created", payload={}, context={}, created_at=at)
        Delivery.objects.create(
            hook=told, event_seq=seq, event_type="user.created", due_at=at, created_at=at
        )
    old = (timezone.now() - timedelta(days=200)).date()
    with connection.cursor() as cursor:
        cursor.execute("SELECT hooks_day(%s)", [old])
        cursor.execute("SELECT to_regclass(%s)", [f"hooks_event_{old:%Y%m%d}"])
        assert cursor.fetchone() != (None,)

    forget(timestamp=0)

    assert set(Event.objects.values_list("seq", flat=True)) == {1000, 1029}
    assert set(Delivery.objects.values_list("event_seq", flat=True)) == {1000, 1029}
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"hooks_event_{old:%Y%m%d}"])
        assert cursor.fetchone() == (None,)


@pytest.mark.django_db
def test_nothing_is_forgotten_that_is_still_on_its_way(
    hook: Callable[..., Hook], monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = settings.BURNISH.hooks.model_copy(update={"log_days": 1, "give_up_hours": 72})
    monkeypatch.setattr(settings, "BURNISH", settings.BURNISH.model_copy(update={"hooks": brief}))
    told = hook("told", events=["*"])
    for days in (2, 5):
        at = timezone.now() - timedelta(days=days)
        Event.objects.create(seq=days, type="user.created", payload={}, context={}, created_at=at)
        Delivery.objects.create(
            hook=told, event_seq=days, event_type="user.created", due_at=at, created_at=at
        )

    forget(timestamp=0)

    assert Event.objects.get().seq == Delivery.objects.get().event_seq == 2


@pytest.mark.django_db
def test_an_event_of_a_day_without_a_partition_is_kept_and_moves_when_there_is_one() -> None:
    at = timezone.now() + timedelta(days=40)
    Event.objects.create(seq=1, type="user.created", payload={}, context={}, created_at=at)

    with connection.cursor() as cursor:
        cursor.execute("SELECT hooks_day(%s)", [at.date()])
        cursor.execute("SELECT tableoid::regclass::text FROM hooks_event")
        assert cursor.fetchone() == (f"hooks_event_{at:%Y%m%d}",)
