"""People read their own profile: what is known, from where, for how long."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from tests.server.identity.conftest import text

from burnish.attributes.access import OPEN, Access
from burnish.profiles.fact import Fact
from burnish_server.identity import provenance
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute, StandardAttribute

pytestmark = pytest.mark.django_db

Define = Callable[..., CustomAttribute]
Say = Callable[..., None]
PAGE = "/settings/profile/"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
SEEN = Access(end_user="readonly", bearer="readonly", portal_ui="readwrite").model_dump()


def fact(source: str, *, days_ago: float = 0, **more: Any) -> Fact:
    return Fact("custom", "city", "Lyon", source, NOON - timedelta(days=days_ago), **more)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (fact("user", days_ago=7), "You told us on 3 March 2026"),
        (fact("question:city"), "You answered our question on 10 March 2026"),
        (fact("admin"), "An administrator wrote this on 10 March 2026"),
        (fact("social:google", days_ago=3), "Taken over from your Google account, 3 days ago"),
        (fact("hook:geo"), "Worked out for you by geo, just now"),
        (fact("hook:geo", author="user", days_ago=0.1), "Worked out for you by geo, 2 hours ago"),
        (fact("provider:acme", confidence=0.92), "Looked up at acme, 92 % sure, just now"),
        (fact("provider:acme", confidence=0.999), "Looked up at acme, 99 % sure, just now"),
        (fact("import:2026-01"), "Taken over from another system, just now"),
    ],
)
def test_people_are_told_who_said_it_how_surely_and_when(said: Fact, sentence: str) -> None:
    assert provenance.told(said, NOON).replace("\N{NO-BREAK SPACE}", " ") == sentence


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (2, "Holds until 12 March 2026."),
        (-2, "Out of date since 8 March 2026, but we know nothing newer."),
        (None, ""),
    ],
)
def test_people_are_told_for_how_long_it_holds(days: int | None, sentence: str) -> None:
    expires_at = None if days is None else NOON + timedelta(days=days)

    assert provenance.holds(fact("hook:geo", expires_at=expires_at), NOON) == sentence


def test_nobody_reads_settings_without_signing_in(client: Client) -> None:
    for page in ("", "profile/", "profile/edit/city/", "profile/delete/city/"):
        assert client.get(f"/settings/{page}")["Location"].startswith("/login/?next=")
    assert client.post("/settings/profile/confirm/city/")["Location"].startswith("/login/?next=")


def test_an_empty_profile_says_what_comes_and_what_can_be_filled_in(person: Client) -> None:
    page = text(person.get(PAGE))

    assert "Nothing is known about you yet." in page
    assert "Not filled in" in page
    assert "Given name" in page
    assert "Phone number" not in page.replace("Phone number verified", "")


def test_what_people_may_not_see_is_nowhere(person: Client, attribute: Define, say: Say) -> None:
    hidden = attribute("segment")
    say(hidden, "big-spender", "hook:crm")
    say("nickname", "Ada the Great", "hook:crm")

    for page in ("/settings/", PAGE):
        shown = text(person.get(page))
        for word in ("Segment", "big-spender", "Ada the Great", "crm"):
            assert word not in shown


def test_values_stand_by_what_they_are_about(person: Client, attribute: Define, say: Say) -> None:
    say(attribute("city", access=OPEN.model_dump()), "Lyon", "hook:geo")
    say("zoneinfo", "Europe/Paris", "hook:geo")
    say("given_name", "Ada", "user")

    page = text(person.get(PAGE))

    order = ["About you Given name Ada", "Language and time Time zone Europe/Paris"]
    places = [page.index(heading) for heading in [*order, "More about you City Lyon"]]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("type", "value", "shown"),
    [
        ("date", "2026-03-04", "4 March 2026"),
        ("datetime", "2026-03-04T05:06:07+01:00", "4 March 2026, 04:06 UTC"),
        ("datetime", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        ("boolean", False, "No"),
        ("string_list", ["French", "Swedish"], "French, Swedish"),
    ],
)
def test_values_of_any_type_read_well(
    person: Client, attribute: Define, say: Say, type: str, value: Any, shown: str
) -> None:
    say(attribute("thing", type, access=OPEN.model_dump()), value, "hook:geo")

    assert f"Thing {shown} Worked out for you by geo" in text(person.get(PAGE))


def test_an_address_reads_from_the_house_to_the_country(person: Client, say: Say) -> None:
    StandardAttribute.objects.create(name="address", access=SEEN)
    say("address", {"country": "France", "street_address": "1 Rue A", "floor": "2"}, "user")

    page = text(person.get(PAGE))

    assert "Address Street Address: 1 Rue A Country: France Floor: 2 You told us" in page


def test_a_beaten_guess_is_told_too(person: Client, attribute: Define, say: Say) -> None:
    city = attribute("city", access=OPEN.model_dump())
    say(city, "<b>Lyon</b>", "provider:acme", confidence=0.5)
    say(city, "Paris", "user")

    response = person.get(PAGE)

    assert "What else was said about City <b>Lyon</b>. Looked up at acme, 50 % sure" in text(
        response
    )
    assert b"<b>Lyon" not in response.content


@pytest.mark.parametrize(("verified", "badge"), [(True, "Verified"), (False, "Not verified")])
def test_the_address_says_whether_it_is_verified_and_is_changed_on_its_own_page(
    person: Client, user: User, say: Say, verified: bool, badge: str
) -> None:
    EmailAddress.objects.filter(user=user).update(verified=verified)
    say("email", user.email, "user")

    page = person.get(PAGE)

    assert f"Email dana@shop.example {badge} You told us on" in text(page)
    assert 'href="/email/">Change email' in page.content.decode()
    assert person.get(f"{PAGE}edit/email/")["Location"] == "/email/"


def test_read_only_and_locked_values_say_who_can_change_them(
    person: Client, attribute: Define, say: Say
) -> None:
    say(attribute("plan", access=SEEN), "gold", "hook:crm")
    say(attribute("seats", access=OPEN.model_dump()), "12", "admin", locked=True)

    page = person.get(PAGE)

    assert "Only an administrator can change this." in text(page)
    assert "An administrator locked this." in text(page)
    for name in ("plan", "seats"):
        assert f"/{name}/" not in page.content.decode()


def test_a_project_may_hide_a_standard_attribute(person: Client, user: User, say: Say) -> None:
    hidden = Access(end_user="hidden", bearer="hidden", portal_ui="readwrite").model_dump()
    StandardAttribute.objects.update_or_create(name="gender", defaults={"access": hidden})
    say("gender", "female", "hook:guess")

    assert "Gender" not in text(person.get(PAGE))
    assert person.get(f"{PAGE}edit/gender/").status_code == 404


def test_reading_a_profile_takes_few_queries_however_much_is_known(
    person: Client, attribute: Define, say: Say, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        say(attribute(f"thing_{number}", access=OPEN.model_dump()), "x", "hook:geo")
    person.get(PAGE)  # what is configured is read once

    with django_assert_max_num_queries(8):
        person.get(PAGE)


def test_the_profile_that_was_never_stored_is_read_too(person: Client, user: User) -> None:
    assert store.of(user.pk).version == 0
    assert person.get("/settings/").status_code == 200
