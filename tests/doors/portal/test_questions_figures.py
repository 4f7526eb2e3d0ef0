"""Progressive profiling > Questions > Figures: what came of one, and of which words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.doors.portal.conftest import text
from tests.doors.portal.questions import LIST, OPEN, ask

from burnish.profiles.fact import Fact
from burnish_server.enrichment.models import Fill
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions.models import Moment, Question

pytestmark = pytest.mark.django_db(transaction=True)

FIGURES = f"{LIST}city/figures/"
B = {"name": "b", "words": {"en": {"title": "In which city?"}}}


@pytest.fixture(autouse=True)
def _city(attribute: Callable[..., CustomAttribute]) -> None:
    attribute("city", id="city", access=OPEN)


def did(count: int, *acts: str, variant: str = "a", days: float = 1, seconds: float = 4) -> None:
    at = timezone.now() - timedelta(days=days)
    first = User.objects.count()
    users = [User(email=f"u{first + n}@people.example") for n in range(count)]
    User.objects.bulk_create(users)
    Moment.objects.bulk_create(
        Moment(
            question="city",
            user=user,
            act=act,
            door="login",
            variant=variant,
            at=at,
            seconds=None if act == "asked" else seconds,
        )
        for user in users
        for act in acts
    )


def test_a_question_nobody_was_asked_has_no_figures(portal: Client) -> None:
    ask("city")

    page = text(portal.get(FIGURES))

    assert "Nobody was asked it in that time" in page
    assert "Variants" not in page


def test_what_people_did_is_shown_in_shares_and_in_time(portal: Client) -> None:
    ask("city")
    did(5, "asked", "answered")
    did(3, "asked", "skipped", days=2, seconds=90)
    did(1, "asked", "refused")
    did(1, "asked")
    did(7, "asked", days=100)

    response = portal.get(FIGURES)
    page = text(response)

    for words in (
        "Asked 10",
        "Answered 5 · 50 %",
        "Skipped, and have not answered since 3 · 30 %",
        "Said never again 1 · 10 %",
        "Went away without a word 1 · 10 %",
        "took 4.0 s at the median",
    ):
        assert words in page
    source = response.content.decode()
    assert "Put 10 times in the last 30 days and answered 5 times" in source
    assert "Completion was 0 % at first and 71 % at last" in source
    assert "Asked 17" in text(portal.get(f"{FIGURES}?window=26w"))


@pytest.mark.parametrize("window", ["", "7d", "26w", "99y", "%00", "30d&window=1"])
def test_any_window_is_answered(portal: Client, window: str) -> None:
    ask("city")
    did(1, "asked")

    assert portal.get(f"{FIGURES}?window={window}").status_code == 200


def test_variants_are_compared_plainly(portal: Client) -> None:
    ask("city", variants=[B, {"name": "c", "priority": 300}])
    did(60, "asked")
    did(40, "asked", "answered")
    did(25, "asked", variant="b")
    did(75, "asked", "answered", variant="b")
    did(3, "asked", variant="old")

    page = text(portal.get(FIGURES))

    assert "b is answered more often than a: by between 21.5 and 46.7 points." in page
    assert "No difference between a and c can be told yet" in page
    assert "ask about 1,569 more people of each" in page
    assert "b In which city? Priority 100 100 75 75 %" in page
    assert "old (no longer) 3 0 0 %" in page


def test_how_full_it_was_before_and_is_now(portal: Client) -> None:
    row = ask("city")
    now = timezone.now()
    Question.objects.filter(pk=row.pk).update(created_at=now - timedelta(days=3))
    for days, filled in ((5, 10), (4, 20), (2, 90)):
        day = (now - timedelta(days=days)).date()
        Fill.objects.create(
            day=day, group="custom", key="city", users=100, filled=filled, enriched=0
        )
    user = User.objects.create(email="ada@people.example")
    fact = Fact("custom", "city", "Lyon", "question:city", now)
    profiles.say(user.pk, [fact], now, profiles.schema())

    page = text(portal.get(FIGURES))

    day = (now - timedelta(days=4)).date()
    assert f"City 20 % on {day} 100 % +80 points" in page


def test_a_question_about_what_is_gone_still_has_figures(portal: Client) -> None:
    ask("city")
    did(2, "asked", "answered")
    CustomAttribute.objects.all().delete()

    page = text(portal.get(FIGURES))

    assert "Answered 2 · 100 %" in page
    assert "Nobody defined what it asks for" in page
