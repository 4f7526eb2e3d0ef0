"""Progressive profiling > Segments: a rule each, and how many users it holds for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.doors.portal.conftest import text
from tests.doors.portal.questions import OPEN, ask

from burnish.profiles.fact import Fact
from burnish_server.audit.models import Entry
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles
from burnish_server.profiles.models import CustomAttribute, StandardAttribute
from burnish_server.segments import store
from burnish_server.segments.models import Segment
from burnish_server.segments.statistics import count

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/portal/segments/segment/"
NEW = f"{LIST}_add/"
BIG = [{"attribute": "seats", "one_of": [5, 50]}, {"attribute": "city", "known": True}]


@pytest.fixture(autouse=True)
def _attributes(attribute: Callable[..., CustomAttribute]) -> None:
    attribute("city", id="c", access=OPEN)
    attribute("seats", "integer", id="s", access=OPEN)
    StandardAttribute.objects.create(name="address", access=OPEN)


def person(**values: Any) -> None:
    now, user = timezone.now(), User.objects.create(email=f"u{User.objects.count()}@people.example")
    places = {"city": "c", "seats": "s"}
    facts = [Fact("custom", places[name], value, "user", now) for name, value in values.items()]
    profiles.say(user.pk, facts, now, profiles.schema())


def save(portal: Client, url: str = NEW, *rows: tuple[str, str, str], **more: str) -> Any:
    sent = {"name": "big", "conditions-rows": str(len(rows))}
    for place, row in enumerate(rows):
        names = ("attribute", "test", "value")
        sent |= {f"conditions-{place}-{name}": part for name, part in zip(names, row, strict=True)}
    return portal.post(url, {**sent, **more})


def test_a_segment_is_added_changed_and_counted(portal: Client) -> None:
    person(city="Lyon", seats=50)
    person(city="Lyon", seats=7)
    person(seats=5)

    response = save(
        portal, NEW, ("seats", "one_of", "5, 50"), ("city", "known", ""), ("", "is", "")
    )

    assert response["Location"] == LIST
    assert Segment.objects.get().rule == BIG
    page = text(portal.get(LIST))
    assert "big Seats is one of 5, 50, and City is known 1 -" in page
    assert "in all 3 profiles" in page
    assert "1 of 3 profiles are in it now" in text(portal.get(f"{LIST}big/"))

    save(portal, f"{LIST}big/", ("seats", "is", "7"), name="other")
    assert store.rules().keys() == {"big"}
    assert "big Seats is 7 1 -" in text(portal.get(LIST))
    assert [one.action for one in Entry.objects.order_by("at")] == ["added", "changed"]
    assert Entry.objects.latest("at").detail["before"] == {"rule": BIG}


def test_what_the_portal_may_not_see_is_not_found_out_by_counting(
    portal: Client, attribute: Callable[..., CustomAttribute]
) -> None:
    hidden = {"end_user": "hidden", "bearer": "hidden", "portal_ui": "hidden"}
    attribute("score", id="h", access=hidden)
    rule = [{"attribute": "score", "is": "canary"}]
    Segment.objects.create(name="scored", rule=rule)
    person(city="Lyon")

    listed, opened = text(portal.get(LIST)), text(portal.get(f"{LIST}scored/"))
    new = text(save(portal, NEW, ("score", "is", "canary")))
    guess = text(save(portal, f"{LIST}scored/", ("score", "is", "other")))
    kept = save(portal, f"{LIST}scored/", ("score", "is", "canary"), ("city", "known", ""))

    assert "scored Score is canary hidden -" in listed
    assert "How many are in it is not shown" in opened
    assert "profiles are in it now" not in opened
    for refused in (new, guess):
        assert "This attribute is hidden from the portal." in refused
    assert kept["Location"] == LIST
    assert Segment.objects.get().rule == [*rule, {"attribute": "city", "known": True}]


def test_no_more_are_looked_at_than_one_waits_for() -> None:
    for seats in (5, 5, 7, 5):
        person(seats=seats)
    Segment.objects.create(name="five", rule=[{"attribute": "seats", "is": 5}])

    counted = count(store.rules(), profiles.schema(), most=2)

    assert (counted.looked_at, counted.is_all) == (2, False)
    assert counted.inside["five"] <= 2
    assert count(store.rules(), profiles.schema()).inside == {"five": 3}


@pytest.mark.parametrize(
    ("rows", "more", "words"),
    [
        ([("city", "known", "")], {"name": ""}, "This field is required"),
        ([("city", "known", "")], {"name": "Big!"}, "Write the name in small letters"),
        ([("city", "known", "")], {"name": "x" * 41}, "at most 40 characters"),
        ([("city", "known", "")], {"name": "taken"}, "There is a segment of this name already"),
        ([], {}, "Say what must hold of them."),
        ([("", "is", "")], {}, "Say what must hold of them."),
        ([("", "is", "x")], {}, "Choose an attribute."),
        ([("seats", "is", "many")], {}, "Seats must be a number."),
        ([("seats", "one_of", "1, many")], {}, "Seats must be a number."),
        ([("town", "known", "")], {}, "Nobody defined the attribute town."),
        ([("city", "like", "L")], {}, "valid choice"),
        ([("address", "is", "Lyon")], {}, "can only be known or not"),
        ([("city", "known", "")], {"conditions-rows": "?"}, "arrived incomplete"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(
    portal: Client, rows: list[tuple[str, str, str]], more: dict[str, str], words: str
) -> None:
    Segment.objects.create(name="taken", rule=BIG)

    page = text(save(portal, NEW, *rows, **more))

    assert words in page
    assert store.rules().keys() == {"taken"}


def test_a_rule_on_a_purged_attribute_is_shown_as_that(portal: Client) -> None:
    Segment.objects.create(name="big", rule=BIG)
    CustomAttribute.objects.get(pk="s").delete()

    assert "nobody defined the attribute seats" in text(portal.get(LIST))
    assert "seats (nobody defined it)" in text(portal.get(f"{LIST}big/"))


def test_a_segment_questions_ask_for_is_not_removed(portal: Client) -> None:
    Segment.objects.create(name="big", rule=BIG)
    ask("city", when={"segments": ["big"]})

    assert "cannot be removed while questions ask for it: city" in text(
        portal.get(f"{LIST}big/remove/")
    )
    portal.post(f"{LIST}big/remove/")
    assert Segment.objects.exists()


def test_a_segment_is_removed_once_that_is_confirmed(portal: Client) -> None:
    Segment.objects.create(name="big", rule=BIG)

    assert "No question asks for it" in text(portal.get(f"{LIST}big/remove/"))
    assert Segment.objects.exists()
    portal.post(f"{LIST}big/remove/")

    assert not Segment.objects.exists()
    assert Entry.objects.get().action == "removed"


@pytest.mark.parametrize("name", ["nothing", "a%00b"])
def test_segments_there_are_not_have_no_pages(portal: Client, name: str) -> None:
    assert portal.get(f"{LIST}{name}/").status_code == 404
    assert portal.get(f"{LIST}{name}/remove/").status_code == 404


def test_who_is_no_administrator_has_no_business_here(client: Client) -> None:
    Segment.objects.create(name="big", rule=BIG)
    client.force_login(User.objects.create(email="help@staff.example", is_staff=True))

    for page in (LIST, NEW, f"{LIST}big/", f"{LIST}big/remove/"):
        assert client.get(page).status_code == 403
