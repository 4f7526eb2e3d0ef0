"""Progressive profiling > Questions > Preview: the page as people see it, without any effect."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.doors.portal.conftest import text
from tests.doors.portal.questions import LIST, OPEN, ask

from burnish_server.identity.models import User
from burnish_server.profiles.models import CustomAttribute, Profile
from burnish_server.questions.models import Moment, Progress, Question

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = {
    "en": {"title": "Which city?", "help": "Where you live.", "why": "To show the weather."},
    "fr": {"title": "Quelle ville ?"},
}


@pytest.fixture(autouse=True)
def _city(attribute: Callable[..., CustomAttribute]) -> None:
    attribute("city", id="city", access=OPEN)


def page(portal: Client, key: str = "city", **query: str) -> str:
    response = portal.get(f"{LIST}{key}/page/", query)
    assert response.status_code == 200
    return text(response)


def test_the_page_is_the_real_one_in_each_language_and_variant(portal: Client) -> None:
    variants = [{"name": "b", "words": {"en": {"title": "Where do you live?"}}}]
    ask("city", words=WORDS, variants=variants)

    shown = page(portal)
    assert "Which city? Where you live." in shown
    assert "To show the weather." in shown
    assert "City" in shown
    assert "Answer" in shown
    assert "Quelle ville ?" in page(portal, language="fr")
    assert "Where do you live?" in page(portal, variant="b")
    assert "Which city?" in page(portal, language="../etc", variant="z")


def test_a_guess_is_made_up_to_be_confirmed(portal: Client) -> None:
    ask("city", confirm=True)

    assert "Something" in page(portal)


def test_nothing_happens_by_looking(portal: Client) -> None:
    ask("city", required=True)
    before = User.objects.count(), Profile.objects.count()

    page(portal)
    portal.get(f"{LIST}city/preview/")

    assert (User.objects.count(), Profile.objects.count()) == before
    assert not Moment.objects.exists()
    assert not Progress.objects.exists()


def test_the_page_goes_into_our_frame_only_and_cannot_act(portal: Client) -> None:
    ask("city")

    response = portal.get(f"{LIST}city/page/")
    around = portal.get(f"{LIST}city/preview/")

    assert response["X-Frame-Options"] == "SAMEORIGIN"
    policy = response["Content-Security-Policy"]
    for part in ("default-src 'none'", "form-action 'none'", "frame-ancestors 'self'"):
        assert part in policy
    assert around["X-Frame-Options"] == "DENY"
    assert "sandbox src=" in around.content.decode()


def test_the_frame_is_as_wide_as_was_chosen(portal: Client) -> None:
    ask("city", words=WORDS)

    assert 'width="390"' in portal.get(f"{LIST}city/preview/").content.decode()
    wide = portal.get(f"{LIST}city/preview/?width=1280&language=fr").content.decode()
    assert 'width="1280"' in wide
    assert "language=fr" in wide
    odd = portal.get(f'{LIST}city/preview/?width=9"onload=1&language=%00').content.decode()
    assert "onload" not in odd


def test_what_cannot_be_shown_says_why(portal: Client) -> None:
    ask("city")
    CustomAttribute.objects.all().delete()
    Question.objects.create(key="bad", entry={})

    assert "nobody defined the attribute city" in text(portal.get(f"{LIST}city/preview/"))
    assert "cannot be read any more" in text(portal.get(f"{LIST}bad/preview/"))
    assert portal.get(f"{LIST}city/page/").status_code == 404
    assert portal.get(f"{LIST}bad/page/").status_code == 404
