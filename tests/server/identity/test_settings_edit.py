"""People put their own profile right, and nobody else's, and only what they may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.server.identity.conftest import text

from burnish.attributes.access import OPEN, Access
from burnish.attributes.merge import Merge
from burnish.profiles.fact import NOTHING
from burnish_server.identity import owned
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.edit import Edit, edit
from burnish_server.profiles.models import CustomAttribute, Profile, StandardAttribute

pytestmark = pytest.mark.django_db

Define = Callable[..., CustomAttribute]
Say = Callable[..., None]
PAGE = "/settings/profile/"
SEEN = Access(end_user="readonly", bearer="readonly", portal_ui="readwrite").model_dump()


@pytest.fixture
def city(attribute: Define) -> CustomAttribute:
    return attribute("city", access=OPEN.model_dump())


@pytest.fixture
def post(person: Client, user: User) -> Callable[..., HttpResponse]:
    """Send a form as the page of this moment has it: `post("edit", "city", value="Paris")`."""

    def send(act: str, name: str, *, version: int | None = None, **fields: Any) -> HttpResponse:
        seen = store.of(user.pk).version if version is None else version
        address = f"{PAGE}{act}/{name}/"
        return person.post(address, {"version": seen, **fields})

    return send


Post = Callable[..., HttpResponse]


def effective(user: User, attribute: CustomAttribute) -> Any:
    return store.of(user.pk).custom.get(attribute.pk, NOTHING)


def sources(user: User, attribute: CustomAttribute) -> dict[str, Any]:
    facts: dict[str, Any] = store.of(user.pk).facts["custom"].get(attribute.pk, {})
    return facts


def administrator_says(user: User, value: str) -> None:
    wish = Edit({"city": value}, party="portal_ui", source="admin", lock=False)
    edit(user.pk, wish, owned.of(user), store.schema(), timezone.now())


def test_a_guess_is_corrected_in_two_clicks(
    person: Client, user: User, city: CustomAttribute, say: Say, post: Post
) -> None:
    say(city, "Lyon", "provider:acme")

    form = person.get(f"{PAGE}edit/city/").content.decode()
    saved = post("edit", "city", value="Paris")

    assert 'value="Lyon"' in form
    assert saved["Location"] == f"{PAGE}#city"
    assert effective(user, city) == "Paris"
    page = text(person.get(PAGE))
    assert "City is saved as your own word." in page
    assert "City Paris You told us on" in page


def test_a_guess_is_confirmed_in_one_click(
    person: Client, user: User, city: CustomAttribute, say: Say, post: Post
) -> None:
    say(city, "Lyon", "provider:acme", confidence=0.6)
    assert "That\N{RIGHT SINGLE QUOTATION MARK}s right" in text(person.get(PAGE))

    post("confirm", "city", source="provider:acme")
    say(city, "Nice", "provider:acme")

    assert effective(user, city) == "Lyon"
    assert "user" in sources(user, city)
    assert "That\N{RIGHT SINGLE QUOTATION MARK}s right" not in text(person.get(PAGE))


def test_only_what_the_person_saw_is_confirmed(
    person: Client, user: User, city: CustomAttribute, say: Say, post: Post
) -> None:
    say(city, "Lyon", "provider:acme")
    seen = store.of(user.pk).version
    say(city, "Nice", "provider:acme")

    post("confirm", "city", source="provider:acme", version=seen)
    post("confirm", "city", source="hook:geo")

    assert "user" not in sources(user, city)
    assert "City changed meanwhile." in text(person.get(PAGE))


@pytest.mark.parametrize("more", [{}, {"author": "user"}], ids=["guess", "at sign-up"])
def test_a_deleted_guess_is_not_filled_in_again_from_there(
    person: Client, user: User, city: CustomAttribute, say: Say, post: Post, more: dict[str, str]
) -> None:
    say(city, "Lyon", "hook:geo", **more)

    question = text(person.get(f"{PAGE}delete/city/"))
    assert "you do not want it from geo" in question
    assert effective(user, city) == "Lyon"
    post("delete", "city")
    say(city, "Lyon", "hook:geo")

    assert effective(user, city) is NOTHING
    page = text(person.get(PAGE))
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

    assert "You can fill it in again at any time." in text(person.get(f"{PAGE}delete/city/"))
    post("delete", "city")

    assert effective(user, city) is NOTHING
    assert sources(user, city) == {}


def test_an_emptied_field_leads_to_the_question_whether_to_delete(
    person: Client, user: User, city: CustomAttribute, say: Say, post: Post
) -> None:
    assert "Fill this in" in text(post("edit", "city", value="  "))
    say(city, "Paris", "user")

    response = post("edit", "city", value="")

    assert response["Location"] == f"{PAGE}delete/city/"
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

    page = text(person.get(f"{PAGE}edit/city/"))

    assert "Where you <i>live</i>." in page
    assert "Why we ask: to show shops near you" in page


def test_who_comes_second_sees_the_new_value_and_keeps_what_they_typed(
    person: Client, user: User, city: CustomAttribute, post: Post, say: Say
) -> None:
    say(city, "Lyon", "hook:geo")
    seen = store.of(user.pk).version
    administrator_says(user, "Nice")

    page = post("edit", "city", value="Paris", version=seen)

    assert "Somebody else changed City meanwhile. It is now “ Nice ”." in text(page)
    assert 'value="Paris"' in page.content.decode()
    assert f'name="version" value="{store.of(user.pk).version}"' in page.content.decode()
    assert effective(user, city) == "Nice"


def test_a_deletion_of_what_changed_meanwhile_asks_again(
    user: User, city: CustomAttribute, post: Post, say: Say
) -> None:
    say(city, "Lyon", "hook:geo")
    seen = store.of(user.pk).version
    administrator_says(user, "Nice")

    page = post("delete", "city", version=seen)

    assert "It is now “ Nice ”." in text(page)
    assert effective(user, city) == "Nice"


def test_a_change_elsewhere_in_the_profile_is_in_nobodys_way(
    user: User, city: CustomAttribute, post: Post, say: Say
) -> None:
    say(city, "Lyon", "hook:geo")
    seen = store.of(user.pk).version
    say("gender", "female", "hook:geo")

    post("edit", "city", value="Paris", version=seen)

    assert effective(user, city) == "Paris"


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 5000, "\u0661"])
def test_a_version_nobody_was_shown_counts_as_having_seen_nothing(
    user: User, city: CustomAttribute, post: Post, say: Say, version: Any
) -> None:
    say(city, "Lyon", "hook:geo")

    page = post("edit", "city", value="Paris", version=version)

    assert "Somebody else changed City meanwhile." in text(page)
    assert effective(user, city) == "Lyon"


@pytest.mark.parametrize("act", ["edit", "confirm", "delete"])
@pytest.mark.parametrize("access", [SEEN, None], ids=["read only", "hidden"])
def test_a_forged_form_changes_nothing(
    user: User,
    attribute: Define,
    say: Say,
    post: Post,
    act: str,
    access: dict[str, str] | None,
) -> None:
    plan = attribute("plan", **({"access": access} if access else {}))
    say(plan, "free", "hook:crm")
    before = Profile.objects.values().get()

    response = post(act, "plan", value="gold", source="hook:crm")

    assert response.status_code == 403
    assert "free" not in text(response)
    assert Profile.objects.values().get() == before


@pytest.mark.parametrize("act", ["edit", "confirm", "delete"])
@pytest.mark.parametrize("name", ["town", "email_verified", "updated_at", "na%00me", "%ED%A0%80"])
def test_an_attribute_nobody_defined_is_not_found(post: Post, act: str, name: str) -> None:
    assert post(act, name, value="x").status_code == 404


@pytest.mark.parametrize("act", ["edit", "confirm", "delete"])
def test_what_an_administrator_locked_stays(
    person: Client, user: User, city: CustomAttribute, say: Say, post: Post, act: str
) -> None:
    say(city, "Lyon", "admin", locked=True)

    post(act, "city", value="Paris", source="admin")

    assert effective(user, city) == "Lyon"
    assert "An administrator locked this." in text(person.get(PAGE))


@pytest.mark.parametrize("act", ["edit", "confirm", "delete"])
def test_the_address_people_sign_in_with_is_changed_on_its_own_page(
    user: User, say: Say, post: Post, act: str
) -> None:
    say("email", user.email, "admin")

    response = post(act, "email", value="other@shop.example", source="admin")

    assert response["Location"] == "/email/"
    assert store.of(user.pk).standard == {"email": user.email}


def test_a_word_that_another_source_beats_by_the_project_s_policy_is_kept_and_said_so(
    person: Client, user: User, attribute: Define, say: Say, post: Post
) -> None:
    prefer = Merge(prefer=("provider:acme",)).as_entry()
    city = attribute("city", access=OPEN.model_dump(), merge=prefer)
    say(city, "Lyon", "provider:acme")

    post("edit", "city", value="Paris")

    assert effective(user, city) == "Lyon"
    assert "what you said is kept" in text(person.get(PAGE))
    assert sources(user, city)["user"]["value"] == "Paris"


def test_a_write_by_a_link_is_refused(person: Client, city: CustomAttribute, say: Say) -> None:
    say(city, "Lyon", "hook:geo")

    assert person.get(f"{PAGE}confirm/city/").status_code == 405
