"""User profile > Custom attributes."""

from typing import Any

import pytest
from django.test import Client
from tests.doors.portal.conftest import text

from burnish_server.profiles.models import CustomAttribute

ADD = "/portal/profiles/customattribute/add/"
LIST = "/portal/profiles/customattribute/"


def typed(**fields: Any) -> dict[str, Any]:
    return {"pointer": "city", "type": "string", "access": "hidden hidden readwrite"} | fields


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
    portal.post(ADD, typed(access="readwrite readwrite readwrite"))

    assert not CustomAttribute.objects.exists()


def test_a_type_stays_once_saved_but_the_name_may_change(portal: Client) -> None:
    attribute = define("city")

    portal.post(f"{LIST}{attribute.pk}/change/", typed(pointer="town", type="number"))

    attribute.refresh_from_db()
    assert (attribute.pointer, attribute.type) == ("/town", "string")


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

    assert "Company Size company_size Whole number Administrators see and edit it" in page


def test_new_attributes_stand_behind_the_others(portal: Client) -> None:
    for name in ("zone", "area"):
        portal.post(ADD, typed(pointer=name))

    assert [attribute.name for attribute in CustomAttribute.objects.all()] == ["zone", "area"]
