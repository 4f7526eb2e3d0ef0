"""User profile > Custom attributes."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.doors.portal.conftest import text

from burnish.profiles.fact import Fact
from burnish_server.audit.models import Entry
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute, Profile

ADD = "/portal/profiles/customattribute/add/"
LIST = "/portal/profiles/customattribute/"


def typed(access: str = "hidden hidden readwrite", **fields: Any) -> dict[str, Any]:
    levels = dict(zip(("end_user", "bearer", "portal_ui"), access.split(), strict=True))
    grid = {f"access_{party}": level for party, level in levels.items()}
    return {"pointer": "city", "type": "string", "by": "standing"} | grid | fields


def define(name: str, **fields: Any) -> CustomAttribute:
    return CustomAttribute.objects.create(**{"pointer": f"/{name}", "type": "string"} | fields)


@pytest.mark.parametrize("name", ["city", "/city", " city "])
def test_a_name_is_taken_with_its_slash_or_without(name: str, portal: Client) -> None:
    portal.post(ADD, typed(pointer=name))

    assert CustomAttribute.objects.get().pointer == "/city"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"pointer": "name"}, "pointer", "name is a standard attribute already"),
        ({"pointer": "sub"}, "pointer", "sub is reserved for tokens"),
        ({"pointer": "City!"}, "pointer", "small letters, digits and underscores"),
        ({"type": "enum"}, "choices", "an enum needs at least one choice"),
        ({"type": "enum", "choices": "a b"}, "choices", "must be letters, digits"),
        (
            {"type": "number", "minimum": "5", "maximum": "1"},
            "minimum",
            "`minimum` must not be above `maximum`",
        ),
        ({"type": "integer", "minimum": "0.5"}, "minimum", "must be whole numbers"),
    ],
)
def test_a_rule_that_is_broken_is_said_beside_its_field(
    fields: dict[str, str], field: str, sentence: str, portal: Client
) -> None:
    response = portal.post(ADD, typed(**fields))

    errors = response.context["adminform"].form.errors
    assert list(errors) == [field]
    assert sentence in errors[field][0]
    assert not CustomAttribute.objects.exists()


def test_two_attributes_of_one_name_are_refused(portal: Client) -> None:
    define("city")

    response = portal.post(ADD, typed())

    assert "There is an attribute of this name already." in text(response)


def test_choices_and_access_are_stored_as_the_contract_has_them(portal: Client) -> None:
    portal.post(
        ADD,
        typed(
            pointer="plan",
            type="enum",
            choices="free\r\n\r\n pro ",
            access="readonly readonly readwrite",
            minimum="3",
        ),
    )

    attribute = CustomAttribute.objects.get()
    assert attribute.enum == ["free", "pro"]
    assert attribute.minimum is None
    assert attribute.access == {
        "end_user": "readonly",
        "bearer": "readonly",
        "portal_ui": "readwrite",
    }


def test_an_access_that_is_not_legal_is_refused(portal: Client) -> None:
    response = portal.post(ADD, typed(access="readwrite readwrite readwrite"))

    assert "This combination is not allowed" in text(response)
    assert not CustomAttribute.objects.exists()


def change(portal: Client, attribute: CustomAttribute, **fields: Any) -> Any:
    return portal.post(f"{LIST}{attribute.pk}/change/", typed(**fields))


def say(attribute: CustomAttribute, value: Any) -> User:
    user = User.objects.create(email=f"{value}@people.example".replace(" ", "."))
    at = timezone.now()
    store.say(user.pk, [Fact("custom", attribute.id, value, "user", at)], at, store.schema())
    return user


def test_the_name_may_change_and_so_may_the_type_while_nobody_has_a_value(portal: Client) -> None:
    attribute = define("city")

    change(portal, attribute, pointer="town", type="number")

    attribute.refresh_from_db()
    assert (attribute.pointer, attribute.type) == ("/town", "number")


def test_a_change_of_type_shows_a_dry_run_first(portal: Client) -> None:
    attribute = define("city")
    say(attribute, "7")
    say(attribute, "a dozen")

    page = text(change(portal, attribute, type="integer"))

    assert "1 of 2 users have a value that fits; 1 does not:" in page
    assert "a.dozen@people.example a dozen must be a number" in page
    attribute.refresh_from_db()
    assert attribute.type == "string"

    change(portal, attribute, type="integer", agreed="on")

    attribute.refresh_from_db()
    assert attribute.type == "integer"
    values = [profile.custom for profile in Profile.objects.all()]
    assert sorted(values, key=len) == [{}, {attribute.id: 7}]


def test_an_attribute_is_retired_brought_back_and_purged(portal: Client) -> None:
    attribute = define("city")
    say(attribute, "Lyon")
    url = f"{LIST}{attribute.pk}/"

    assert "retire it first" in text(portal.post(f"{url}purge/"))
    portal.post(f"{url}retire/")
    assert store.schema().find("city") is None
    portal.post(f"{url}restore/")
    assert store.schema().find("city")
    portal.post(f"{url}retire/")
    assert "1 user has a value of City" in text(portal.get(f"{url}purge/"))
    portal.post(f"{url}purge/")

    assert not CustomAttribute.objects.exists()
    assert Profile.objects.get().facts["custom"] == {}
    actions = Entry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["retired", "restored", "retired", "purged"]


def test_attributes_are_moved_up_and_down(portal: Client) -> None:
    a, _, c = define("a"), define("b", position=1), define("c", position=2)

    portal.post(f"{LIST}{c.pk}/move/", {"move": "up"})
    portal.post(f"{LIST}{a.pk}/move/", {"move": "up"})

    assert [attribute.name for attribute in store.schema().custom] == ["a", "c", "b"]


def test_an_odd_source_is_refused_beside_its_field(portal: Client) -> None:
    response = portal.post(ADD, typed(prefer="user\r\nthe neighbour"))

    assert "is no source" in response.context["adminform"].form.errors["prefer"][0]
    portal.post(ADD, typed(by="newest", prefer="hook:geo\r\nprovider"))
    assert CustomAttribute.objects.get().merge == {
        "by": "newest",
        "prefer": ["hook:geo", "provider"],
    }


def test_an_attribute_is_not_deleted_here(portal: Client) -> None:
    attribute = define("city")

    response = portal.post(f"{LIST}{attribute.pk}/delete/", {"post": "yes"})

    assert response.status_code == 403
    assert CustomAttribute.objects.exists()


def test_a_link_may_bring_the_name_along(portal: Client) -> None:
    response = portal.get(f"{ADD}?pointer=/country")

    assert 'name="pointer" value="country"' in response.content.decode()


def test_the_list_says_in_words_what_each_attribute_is(portal: Client) -> None:
    define("company_size", type="integer")

    page = text(portal.get(LIST))

    assert "Company Size company_size Whole number Administrators (see and edit)" in page


def test_new_attributes_stand_behind_the_others(portal: Client) -> None:
    for name in ("zone", "area"):
        portal.post(ADD, typed(pointer=name))

    assert [attribute.name for attribute in CustomAttribute.objects.all()] == ["zone", "area"]
