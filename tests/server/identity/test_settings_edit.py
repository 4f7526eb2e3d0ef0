"""People put their own profile right, value by value."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.server.identity.conftest import PROFILE, effective, sources, text

from burnish.attributes.access import OPEN
from burnish.attributes.merge import Merge
from burnish.profiles.fact import NOTHING
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute, StandardAttribute

pytestmark = pytest.mark.django_db

Define = Callable[..., CustomAttribute]
Say = Callable[..., None]
Post = Callable[..., HttpResponse]


def test_a_guess_is_corrected_in_two_clicks(
    person: Client, user: User, city: CustomAttribute, say: Say, post: Post
) -> None:
    say(city, "Lyon", "provider:acme")

    form = person.get(f"{PROFILE}edit/city/").content.decode()
    saved = post("edit", "city", value="Paris")

    assert 'value="Lyon"' in form
    assert saved["Location"] == f"{PROFILE}#city"
    assert effective(user, city) == "Paris"
    page = text(person.get(PROFILE))
    assert "City is saved as your own word." in page
    assert "City Paris You told us on" in page


def test_a_guess_is_confirmed_in_one_click(
    person: Client, user: User, city: CustomAttribute, say: Say, post: Post
) -> None:
    say(city, "Lyon", "provider:acme", confidence=0.6)
    assert "That\N{RIGHT SINGLE QUOTATION MARK}s right" in text(person.get(PROFILE))

    post("confirm", "city", source="provider:acme")
    say(city, "Nice", "provider:acme")

    assert effective(user, city) == "Lyon"
    assert "user" in sources(user, city)
    assert "That\N{RIGHT SINGLE QUOTATION MARK}s right" not in text(person.get(PROFILE))


def test_only_what_the_person_saw_is_confirmed(
    person: Client, user: User, city: CustomAttribute, say: Say, post: Post
) -> None:
    say(city, "Lyon", "provider:acme")
    seen = store.of(user.pk).version
    say(city, "Nice", "provider:acme")

    post("confirm", "city", source="provider:acme", version=seen)
    post("confirm", "city", source="hook:geo")

    assert "user" not in sources(user, city)
    assert "City changed meanwhile." in text(person.get(PROFILE))


@pytest.mark.parametrize("more", [{}, {"author": "user"}], ids=["guess", "at sign-up"])
def test_a_deleted_guess_is_not_filled_in_again_from_there(
    person: Client, user: User, city: CustomAttribute, say: Say, post: Post, more: dict[str, str]
) -> None:
    say(city, "Lyon", "hook:geo", **more)

    question = text(person.get(f"{PROFILE}delete/city/"))
    assert "you do not want it from geo" in question
    assert effective(user, city) == "Lyon"
    post("delete", "city")
    say(city, "Lyon", "hook:geo")

    assert effective(user, city) is NOTHING
    page = text(person.get(PROFILE))
    assert "City is deleted, and geo will not fill it in again." in page
    assert "You deleted this; geo will not fill it in again" in page


def test_another_source_may_still_speak_after_one_was_turned_away(
    user: User, city: CustomAttribute, say: Say, post: Post
) -> None:
    say(city, "Lyon", "hook:geo")
    post("delete", "city")

    say(city, "Nice", "provider:acme")

    assert effective(user, city) == "Nice"


def test_a_person_deletes_their_own_word(
    person: Client, user: User, city: CustomAttribute, say: Say, post: Post
) -> None:
    say(city, "Paris", "user")

    assert "You can fill it in again at any time." in text(person.get(f"{PROFILE}delete/city/"))
    post("delete", "city")

    assert effective(user, city) is NOTHING
    assert sources(user, city) == {}


def test_an_emptied_field_leads_to_the_question_whether_to_delete(
    person: Client, user: User, city: CustomAttribute, say: Say, post: Post
) -> None:
    assert "Fill this in" in text(post("edit", "city", value="  "))
    say(city, "Paris", "user")

    response = post("edit", "city", value="")

    assert response["Location"] == f"{PROFILE}delete/city/"
    assert effective(user, city) == "Paris"


@pytest.mark.parametrize(
    ("type", "good", "value", "bad", "sentence"),
    [
        ("integer", "12", 12, "twelve", "Must be a number."),
        ("boolean", "true", True, "maybe", "Must be true or false."),
        ("date", "2026-03-04", "2026-03-04", "4 March", "Must be a date such as 2026-03-04."),
        ("string_list", "a\r\nb", ["a", "b"], "a\na", "Each item may stand only once."),
        ("country_code", "SE", "SE", "Sweden", "Must be a two-letter country code"),
        ("url", "https://a.example", "https://a.example", "a", "Must be an absolute URL"),
        ("string", "é", "é", "a\0b", "Must not contain a null character."),
    ],
)
def test_each_type_has_its_field_and_a_sentence_for_what_does_not_fit(
    user: User,
    attribute: Define,
    post: Post,
    type: str,
    good: str,
    value: Any,
    bad: str,
    sentence: str,
) -> None:
    thing = attribute("thing", type, access=OPEN.model_dump())

    refused = post("edit", "thing", value=bad)
    assert sentence in text(refused)
    assert "<title>Error: Thing" in refused.content.decode()
    assert effective(user, thing) is NOTHING

    post("edit", "thing", value=good)
    assert effective(user, thing) == value


def test_an_address_is_typed_in_parts(user: User, post: Post) -> None:
    StandardAttribute.complete()
    StandardAttribute.objects.filter(name="address").update(access=OPEN.model_dump())

    post("edit", "address", **{"value-locality": "Lyon", "value-country": "France"})

    assert store.of(user.pk).standard["address"] == {"locality": "Lyon", "country": "France"}


def test_help_and_purpose_stand_beside_the_field(person: Client, attribute: Define) -> None:
    attribute(
        "city",
        access=OPEN.model_dump(),
        help_text="Where you <i>live</i>.",
        purpose="to show shops near you",
    )

    page = text(person.get(f"{PROFILE}edit/city/"))

    assert "Where you <i>live</i>." in page
    assert "Why we ask: to show shops near you" in page


def test_a_word_that_another_source_beats_by_the_project_s_policy_is_kept_and_said_so(
    person: Client, user: User, attribute: Define, say: Say, post: Post
) -> None:
    prefer = Merge(prefer=("provider:acme",)).as_entry()
    city = attribute("city", access=OPEN.model_dump(), merge=prefer)
    say(city, "Lyon", "provider:acme")

    post("edit", "city", value="Paris")

    assert effective(user, city) == "Lyon"
    assert "what you said is kept" in text(person.get(PROFILE))
    assert sources(user, city)["user"]["value"] == "Paris"
