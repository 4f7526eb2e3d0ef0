"""Progressive profiling > Simulator: the next logins of a user, or of somebody made up."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.doors.portal.conftest import text
from tests.doors.portal.questions import OPEN, ask

from burnish.profiles.fact import Fact
from burnish.questions.state import State
from burnish_server.audit.models import Entry
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles
from burnish_server.profiles.models import CustomAttribute, History, Profile
from burnish_server.questions import store
from burnish_server.questions.models import Moment, Progress, Report
from burnish_server.segments.models import Segment

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/portal/questions/simulator/"
USUAL = {
    "user": "",
    "apart": "7",
    "deed": "answer",
    "languages": "en",
    "client": "",
    "logins": "0",
    "days": "0",
    "known-rows": "2",
}


@pytest.fixture(autouse=True)
def _attributes(attribute: Callable[..., CustomAttribute]) -> None:
    for name, kind in (("city", "string"), ("seats", "integer"), ("team", "string")):
        attribute(name, kind, id=name, access=OPEN)


def simulate(portal: Client, **said: str) -> Any:
    return portal.post(PAGE, {**USUAL, **{k.replace("__", "-"): v for k, v in said.items()}})


def asked(response: Any) -> list[list[str]]:
    return [[one["key"] for one in login["asked"]] for login in response.context["logins"]]


def test_somebody_made_up_is_asked_what_is_open_and_no_more(portal: Client) -> None:
    ask("city", priority=900)
    ask("seats")
    ask("team")

    response = simulate(portal, known__0__attribute="seats", known__0__value="5")

    assert asked(response) == [["city", "team"], [], [], [], []]
    page = text(response)
    assert "As this made-up profile, at their next 5 logins Burnish would ask" in page
    assert "What is your city? city: answered" in page
    assert "seats : the answer is known" in page


def test_a_guess_is_confirmed_and_the_rest_waits(portal: Client) -> None:
    ask("city", confirm=True)
    guess = {"known__0__attribute": "city", "known__0__value": "Lyon"}

    found = simulate(portal, **guess, known__0__source="provider:example", apart="2", deed="skip")
    own = simulate(portal, **guess)

    assert asked(found) == [["city"], [], [], [], ["city"]]
    assert "city, a guess to confirm: skipped" in text(found)
    assert "were asked something less than 7 days ago" in text(found)
    assert asked(own) == [[], [], [], [], []]


def test_a_user_is_found_and_simulated_and_nothing_is_written(portal: Client) -> None:
    ask("city")
    ask("team")
    ask("seats", when={"segments": ["lyon"]})
    Segment.objects.create(name="lyon", rule=[{"attribute": "city", "is": "Lyon"}])
    now = timezone.now()
    ada = User.objects.create(email="ada@people.example", logins=3)
    fact = Fact("custom", "city", "Lyon", "user", now)
    profiles.say(ada.pk, [fact], now, profiles.schema())
    store.keep(ada.pk, "team", State(1, now, "x", refused_at=now))
    noted = [model.objects.count() for model in (Progress, Moment, Report, Entry, History, Profile)]

    response = simulate(portal, user="ada@", apart="8")

    assert asked(response) == [[], ["seats"], [], [], []]
    page = text(response)
    assert "As ada@people.example , at their next 5 logins" in page
    assert "Login 4" in page
    assert "team : they said never to ask it again" in page
    assert noted == [
        model.objects.count() for model in (Progress, Moment, Report, Entry, History, Profile)
    ]
    assert asked(simulate(portal, user=str(ada.pk), apart="8")) == asked(response)


def test_where_several_are_found_one_is_chosen(portal: Client) -> None:
    for name in ("ada", "adam"):
        User.objects.create(email=f"{name}@people.example")

    response = simulate(portal, user="ada")
    assert [str(one) for one in response.context["users"]] == [
        "ada@people.example",
        "adam@people.example",
    ]
    assert "Which of them?" in text(response)
    exact = simulate(portal, user="ADA@people.example")
    assert str(exact.context["who"]) == "ada@people.example"
    assert "Nobody was found" in text(simulate(portal, user="zoe"))


def test_what_could_not_be_asked_is_said(portal: Client) -> None:
    ask("city", when={"attributes": [{"attribute": "seats", "known": False}]})
    CustomAttribute.objects.get(pk="seats").delete()

    page = text(simulate(portal))

    assert "city cannot be asked, because nobody defined seats." in page
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"apart": "-1"}, "greater than or equal to 0"),
        ({"apart": "soon"}, "Enter a number"),
        ({"apart": "inf"}, "Enter a number"),
        ({"apart": ""}, "This field is required"),
        ({"deed": "shout"}, "Select a valid choice"),
        ({"logins": "-1"}, "greater than or equal to 0"),
        ({"logins": "9" * 30}, "less than or equal to 100000"),
        ({"days": "x"}, "whole number"),
        ({"user": "a" * 400}, "at most 320 characters"),
        ({"user": "a\0"}, "Null characters"),
        ({"known__0__attribute": "seats", "known__0__value": "many"}, "Must be a number."),
        ({"known__0__attribute": "zoneinfo", "known__0__value": "Mars"}, "time zone"),
        ({"known__0__attribute": "shoe_size", "known__0__value": "1"}, "Select a valid choice"),
        ({"known__0__value": "1"}, "Choose an attribute."),
        ({"known-rows": "x"}, "arrived incomplete"),
    ],
)
def test_what_is_wrong_is_said_beside_it(portal: Client, bad: dict[str, str], words: str) -> None:
    response = simulate(portal, **bad)

    assert words in text(response)
    assert "logins" not in response.context


def test_odd_ways_of_coming_are_no_trouble(portal: Client, db: None) -> None:
    ask("city", when={"locales": ["fr"]})
    ask("team", when={"days": 10, "clients": ["web"]})

    assert asked(simulate(portal, languages="FR-ca, ,,"))[0] == ["city"]
    assert asked(simulate(portal, client="web", days="10"))[0] == ["team"]
    assert asked(simulate(portal, apart="3650", languages="", deed="leave"))[1] == []


def test_who_is_no_administrator_has_no_business_here(client: Client) -> None:
    client.force_login(User.objects.create(email="help@staff.example", is_staff=True))

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, USUAL).status_code == 403
