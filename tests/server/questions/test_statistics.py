"""Figures of questions: people, not page loads."""

from datetime import timedelta

import pytest
from django.utils import timezone

from burnish_server.identity.models import User
from burnish_server.questions.models import Moment
from burnish_server.questions.statistics import (
    WINDOWS,
    Figures,
    by_variant,
    in_all,
    median_seconds,
    over_time,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
MONTH = NOW - timedelta(days=30)


def did(user: User | None, *acts: str, days: float = 1, variant: str = "a", **more: float) -> None:
    at = NOW - timedelta(days=days)
    for act in acts:
        Moment.objects.create(
            question="city", user=user, act=act, door="login", variant=variant, at=at, **more
        )


def somebody(name: str) -> User:
    return User.objects.create(email=f"{name}@people.example")


def test_a_person_counts_once_by_what_they_did_in_the_end() -> None:
    did(somebody("slow"), "asked", "skipped", "asked", "asked", "answered")
    did(somebody("skips"), "asked", "skipped", "asked", "skipped")
    did(somebody("refuses"), "asked", "skipped", "asked", "refused")
    did(somebody("leaves"), "asked", "asked")
    did(somebody("other"), "asked", "answered", variant="b")
    did(somebody("early"), "asked", "answered", days=31)

    found = by_variant(["city", "team"], MONTH)

    assert found == {"city": {"a": Figures(4, 1, 1, 1), "b": Figures(1, 1)}}
    assert (found["city"]["a"].left, found["city"]["a"].rate) == (1, 0.25)
    assert in_all(found["city"]) == Figures(5, 2, 1, 1)
    assert Figures().rate is None


def test_the_figures_of_people_who_are_gone_stay() -> None:
    did(None, "asked", "answered", "asked")

    assert by_variant(["city"], MONTH)["city"]["a"] == Figures(2, 1)


def test_half_of_those_who_answered_took_no_longer() -> None:
    for place, seconds in enumerate((2.0, 4.0, 60.0)):
        did(somebody(f"u{place}"), "answered", seconds=seconds, variant="ab"[place % 2])
    did(somebody("u9"), "skipped", seconds=1000.0)

    assert median_seconds("city", MONTH) == 4.0
    assert median_seconds("team", MONTH) is None
    assert by_variant(["city"], MONTH)["city"]["a"].seconds == 31.0


def test_moments_fall_into_the_parts_of_a_window() -> None:
    did(None, "asked", "asked", "answered", days=0.1)
    did(None, "asked", "refused", days=6.9)
    did(None, "asked", days=7.1)

    parts = over_time("city", WINDOWS["7d"], NOW)

    assert [part.asked for part in parts] == [1, 0, 0, 0, 0, 0, 2]
    assert (parts[0].refused, parts[6].answered) == (1, 1)
