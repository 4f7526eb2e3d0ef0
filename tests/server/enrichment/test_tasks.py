"""What the worker does for enrichment: how full attributes are, and what is forgotten."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from burnish.profiles.fact import Fact
from burnish_server.enrichment import fills, tasks
from burnish_server.enrichment.models import Fill, Kept, Lookup, Run
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute

pytestmark = pytest.mark.django_db(transaction=True)


def person(*facts: Fact) -> User:
    user = User.objects.create(email=f"{uuid.uuid4().hex}@nordlake.example")
    store.say(user.pk, list(facts), timezone.now(), store.schema())
    return user


def fact(key: str, value: object, source: str, confidence: float = 1.0) -> Fact:
    group = "standard" if key == "nickname" else "custom"
    return Fact(group, key, value, source, timezone.now(), confidence)


def test_fills_are_noted_for_every_attribute_and_again_in_the_same_row(
    attribute: Callable[..., CustomAttribute],
) -> None:
    city = attribute("city").id
    person(fact(city, "Lyon", "provider:acme", 0.8))
    person(fact(city, "Oslo", "user"), fact(city, "Lyon", "provider:acme", 0.8))
    person(fact(city, "Lyon", "user"), fact(city, "Lyon", "provider:acme", 0.8))
    person(fact("nickname", "Ada", "user"))

    tasks.note_fills(0)

    today = timezone.now().date()
    noted = Fill.objects.get(day=today, key=city)
    assert (noted.users, noted.filled, noted.enriched) == (4, 3, 1)
    noted = Fill.objects.get(day=today, group="standard", key="nickname")
    assert (noted.filled, noted.enriched) == (1, 0)
    assert Fill.objects.get(day=today, key="picture").filled == 0

    person(fact(city, "Lund", "provider:acme", 0.8))
    tasks.note_fills(0)

    noted = Fill.objects.get(day=today, key=city)
    assert (noted.users, noted.filled, noted.enriched) == (5, 4, 2)


def test_what_is_noted_is_what_is_counted_and_a_month_of_it_is_shown(
    attribute: Callable[..., CustomAttribute],
) -> None:
    city, now = attribute("city").id, timezone.now()
    person(fact(city, "Lyon", "provider:acme", 0.8))
    for days in (0, 29, 30):
        fills.note(store.schema(), now.date() - timedelta(days=days))

    noted = fills.over_time(now)

    place = ("custom", city)
    assert list(noted[place]) == [now.date() - timedelta(days=29), now.date()]
    assert fills.present(store.schema(), noted)[place] == noted[place][now.date()]
    assert noted[place][now.date()].rate == 1.0


def test_many_profiles_are_not_counted_while_somebody_waits(
    attribute: Callable[..., CustomAttribute], monkeypatch: pytest.MonkeyPatch
) -> None:
    city, now = attribute("city").id, timezone.now()
    Fill.objects.create(
        day=date(now.year, now.month, now.day),
        group="custom",
        key=city,
        users=9,
        filled=3,
        enriched=0,
    )
    person(fact(city, "Lyon", "user"))
    person(fact(city, "Lyon", "user"))
    monkeypatch.setattr(fills, "FEW", 1)

    level = fills.present(store.schema(), fills.over_time(now))[("custom", city)]

    assert (level.users, level.filled) == (9, 3)


def test_old_lookups_and_runs_are_forgotten_and_what_is_under_way_is_not(
    settings: Settings,
) -> None:
    lookups = settings.BURNISH.lookups.model_copy(update={"log_days": 10})
    settings.BURNISH = settings.BURNISH.model_copy(update={"lookups": lookups})
    user = person(fact("nickname", "Ada", "user"))
    kept: list[str] = []

    def ran(name: str, days: float, state: str, asked: float | None = None) -> None:
        at = ago(days)
        run = Run.objects.create(user=user, reason="login", state=state, started_at=at)
        when = ago(days if asked is None else asked)
        Lookup.objects.create(run=run, user_id=user.pk, provider=name, outcome="miss", at=when)

    ran("old", 11, "done")
    ran("new", 9, "done")
    ran("late", 11, "done", asked=9)
    ran("waiting", 11, "waiting")
    Lookup.objects.create(provider="tested", outcome="miss", at=ago(11))

    tasks.forget(0)

    kept = list(Lookup.objects.order_by("provider").values_list("provider", flat=True))
    assert kept == ["late", "new"]
    assert Run.objects.filter(state="done").count() == 2
    assert Run.objects.filter(state="waiting").count() == 1


def test_answers_past_their_time_and_claims_nobody_holds_are_forgotten() -> None:
    soon, gone = timezone.now() + timedelta(minutes=5), timezone.now() - timedelta(minutes=5)
    for name, kept_until, claimed_until in (
        ("good", soon, None),
        ("past", gone, None),
        ("asked anew", gone, soon),
        ("given up", gone, gone),
        ("claimed", None, soon),
        ("stale claim", None, gone),
        ("released", None, None),
    ):
        Kept.objects.create(
            key=name, provider="acme", kept_until=kept_until, claimed_until=claimed_until
        )

    tasks.forget(0)

    assert set(Kept.objects.values_list("key", flat=True)) == {"good", "asked anew", "claimed"}


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)
