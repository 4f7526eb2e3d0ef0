"""Finding users among many."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from burnish.attributes.access import CLOSED
from burnish.attributes.schema import Schema
from burnish_server.identity.models import User
from burnish_server.profiles import indexes, search, store
from burnish_server.profiles.models import CustomAttribute, Profile, StandardAttribute

pytestmark = pytest.mark.django_db(transaction=True)

BY_ATTRIBUTE = (
    "given_name:u12",
    "city:u12",
    "city=u12@12.example",
    "phone_number:+46",
    "preferred_username:u12",
)


@pytest.fixture
def person() -> Callable[..., User]:
    """Make a user with a profile: `person("ada@nordlake.example", given_name="Ada")`."""

    def make(email: str, custom: dict[str, Any] | None = None, **standard: Any) -> User:
        user = User.objects.create(email=email)
        Profile.objects.create(user=user, standard=standard, custom=custom or {})
        return user

    return make


def emails(text: str, schema: Schema | None = None) -> set[str]:
    """Return whom a text finds."""
    found = search.find(text, schema or store.schema(), "portal_ui")
    return set(User.objects.filter(pk__in=found.users).values_list("email", flat=True))


def test_users_are_found_by_how_their_e_mail_begins_or_by_its_domain(
    person: Callable[..., User],
) -> None:
    for address in ("Ada@nordlake.example", "adam@lyra.example", "bob@nordlake.example"):
        person(address)

    assert emails("ADA") == {"Ada@nordlake.example", "adam@lyra.example"}
    assert emails("email:adam") == {"adam@lyra.example"}
    assert emails("@Nordlake") == {"Ada@nordlake.example", "bob@nordlake.example"}
    assert emails("nordlake") == set()


def test_users_are_found_by_phone_number_and_username(person: Callable[..., User]) -> None:
    ada = person("1@a.example")
    ada.phone_number, ada.username = "+46701740605", "lovelace"
    ada.save()
    person("2@a.example")

    for text in (
        "+46 70-174",
        "4670174",
        "phone_number:+46",
        "LoveL",
        "preferred_username=lovelace",
    ):
        assert emails(text) == {"1@a.example"}, text
    assert emails("+47") == emails("phone_number=+4670") == set()


def test_users_are_found_by_their_whole_id(person: Callable[..., User]) -> None:
    ada = person("ada@nordlake.example")

    assert emails(f" {ada.pk} ") == emails(ada.pk.hex) == {"ada@nordlake.example"}
    assert emails(str(ada.pk)[:8]) == set()


def test_users_are_found_by_their_given_and_family_names(person: Callable[..., User]) -> None:
    person("1@a.example", given_name="Ada", family_name="Lovelace")
    person("2@a.example", given_name="Ada", family_name="Byron")

    assert emails("love") == emails("ada love") == emails("Ada  Lovelace") == {"1@a.example"}
    assert emails("ada") == {"1@a.example", "2@a.example"}
    assert emails("given_name:a") == {"1@a.example", "2@a.example"}


def test_a_name_is_looked_for_only_where_the_portal_may_see_it(
    person: Callable[..., User],
) -> None:
    person("1@a.example", name="Ada", given_name="Ada")
    assert emails("name:ada") == set()

    StandardAttribute.objects.create(name="given_name", access=CLOSED.model_dump())

    assert emails("ada") == set()


def test_an_indexed_attribute_is_searched_by_how_its_value_begins_or_by_the_whole_of_it(
    person: Callable[..., User], attribute: Callable[..., CustomAttribute]
) -> None:
    city, seats = attribute("city", indexed=True), attribute("seats", "integer", indexed=True)
    person("1@a.example", {city.id: "Lyon", seats.id: 12})
    person("2@a.example", {city.id: "Lyonesse", seats.id: 120})

    assert emails("lyon") == emails("city:lyon") == {"1@a.example", "2@a.example"}
    assert emails("city=LYON") == emails("city = lyon") == {"1@a.example"}
    assert emails("seats=12") == {"1@a.example"}


def test_what_is_not_indexed_is_not_searched_and_says_so(
    person: Callable[..., User], attribute: Callable[..., CustomAttribute]
) -> None:
    city = attribute("city")
    person("1@a.example", {city.id: "Lyon"})

    assert emails("lyon") == set()
    advice = search.find("city:lyon", store.schema(), "portal_ui").advice
    assert advice == "city cannot be searched by: it is not indexed."
    assert search.find("https://a.example", store.schema(), "portal_ui").advice == ""


@pytest.mark.parametrize(
    "text",
    ["", " ", "%", "_", "\\", "'", "a' OR '1'='1", "x\0y", "\ud800", "@", "@%", ":", "city:", "%s"],
)
def test_no_text_is_more_than_a_text(text: str, person: Callable[..., User]) -> None:
    person("ada@nordlake.example", given_name="Ada")

    assert emails(text) == (set() if text != "@" else {"ada@nordlake.example"})


def test_odd_ids_of_attributes_and_very_long_values_are_searched_like_others(
    person: Callable[..., User],
) -> None:
    odd = CustomAttribute.objects.create(
        id="it's 100 %", pointer="/odd", type="string", indexed=True
    )
    indexes.sync()
    person("1@a.example", {odd.id: "x" * 5000})

    assert emails("odd=" + "x" * 5000) == emails("x" * 300) == {"1@a.example"}


def test_a_search_is_cut_short_and_says_so(person: Callable[..., User]) -> None:
    for number in range(3):
        person(f"{number}@nordlake.example", given_name="Ada")

    found = search.find("ada", store.schema(), "portal_ui", most=2)

    assert (len(found.users), found.more) == (2, True)
    assert not search.find("ada", store.schema(), "portal_ui", most=3).more


def test_each_way_of_finding_someone_uses_its_index(
    attribute: Callable[..., CustomAttribute],
) -> None:
    city = attribute("city", indexed=True)
    indexes.sync()
    schema = store.schema()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity_user (id, password, email, is_superuser, is_active, is_staff,"
            " disable_reason, delete_reason, created_at, updated_at) SELECT gen_random_uuid(), '',"
            " 'u' || n || '@' || n || '.example', false, true, false, '', '', now(), now()"
            " FROM generate_series(1, 3000) AS n"
        )
        cursor.execute(
            "INSERT INTO profiles_profile (user_id, standard, custom, facts, version, updated_at)"
            " SELECT id, jsonb_build_object('given_name', email), jsonb_build_object(%s::text,"
            " email), '{}', 1, now() FROM identity_user",
            [city.id],
        )
        cursor.execute("ANALYZE identity_user, profiles_profile")
        plans = []
        for lookup in ("u12", "@12", "+46", *BY_ATTRIBUTE):
            with CaptureQueriesContext(connection) as queries:
                search.find(lookup, schema, "portal_ui")
            cursor.execute(f"EXPLAIN {queries[-1]['sql']}")
            plans.append("\n".join(row for (row,) in cursor.fetchall()))

    assert [plan for plan in plans if "Seq Scan" in plan] == []
