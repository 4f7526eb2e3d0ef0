"""Enrichment > Waterfalls: who is asked for an attribute, in the order of the numbers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.doors.portal.conftest import text

from burnish_server.audit.models import Entry
from burnish_server.enrichment import store
from burnish_server.enrichment.models import Provider, Waterfall
from burnish_server.identity.models import User
from burnish_server.profiles.models import CustomAttribute

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/portal/enrichment/waterfall/"
Configure = Callable[..., Provider]


@pytest.fixture(autouse=True)
def _configured(provider: Configure, attribute: Callable[..., CustomAttribute]) -> None:
    attribute("city")
    provider("ipgeolocation", api_key="k")
    provider("ipinfo", api_key="k", product="legacy")
    provider("phone", enabled=False)


def save(portal: Client, attribute: str, *steps: dict[str, str], **more: str) -> Any:
    sent = {"rows": str(len(steps))}
    for place, step in enumerate(steps):
        sent |= {f"step-{place}-{name}": value for name, value in step.items()}
    return portal.post(f"{LIST}{attribute}/", {**sent, **more})


def names(attribute: str = "city") -> list[str]:
    return [choice.provider for choice in store.setup().waterfalls.get(attribute, ())]


def test_every_attribute_is_listed_with_its_waterfall_or_none(portal: Client) -> None:
    page = text(portal.get(LIST))

    assert "City - -" in page or "City - 0 %" in page
    assert "Nickname" in page
    assert "Phone Number" not in page


def test_steps_are_saved_in_the_order_of_their_numbers(portal: Client) -> None:
    response = save(
        portal,
        "city",
        {"order": "2", "provider": "ipgeolocation", "min_confidence": "0.7", "max_price": "0.5"},
        {"order": "", "provider": "", "output": ""},
        {"order": "1", "provider": "ipinfo", "output": "region"},
    )

    assert response["Location"] == LIST
    assert names() == ["ipinfo", "ipgeolocation"]
    first, second = store.setup().waterfalls["city"]
    assert first.output == "region"
    assert (second.min_confidence, str(second.max_price)) == (0.7, "0.5")
    entry = Entry.objects.get(subject_kind="waterfall")
    assert (entry.subject, entry.detail["after"][0]["provider"]) == ("city", "ipinfo")
    words = "ipinfo (region), then ipgeolocation (at least 0.7 sure, for 0.5 at most)"
    assert words in text(portal.get(LIST))


def test_what_is_shown_is_what_is_stored_and_saving_it_changes_nothing(portal: Client) -> None:
    save(portal, "city", {"provider": "ipinfo"}, {"provider": "ipgeolocation", "order": "1"})
    before = Waterfall.objects.get().steps
    forms = portal.get(f"{LIST}city/").context["forms"]

    rows = [{field.name: str(field.value() or "") for field in row} for row in forms.rows]
    assert [row["provider"] for row in rows] == ["ipgeolocation", "ipinfo", "", "", ""]
    save(portal, "city", *rows)

    assert Waterfall.objects.get().steps == before == ["ipgeolocation", "ipinfo"]


def test_a_waterfall_without_steps_is_removed(portal: Client) -> None:
    save(portal, "city", {"provider": "ipinfo"})
    save(portal, "city", {"provider": ""})

    assert not Waterfall.objects.exists()


def test_standard_attributes_have_waterfalls_too(portal: Client) -> None:
    save(portal, "zoneinfo", {"provider": "ipgeolocation"})

    assert store.setup().waterfalls["zoneinfo"][0].output == "timezone"


@pytest.mark.parametrize(
    ("step", "field", "words"),
    [
        ({"provider": "nobody"}, "provider", "valid choice"),
        ({"provider": "ipinfo", "output": "shoe_size"}, "output", "valid choice"),
        ({"provider": "phone"}, "output", "phone does not give city; it gives calling_code"),
        ({"provider": "ipinfo", "min_confidence": "2"}, "min_confidence", "less than or equal"),
        ({"provider": "ipinfo", "min_confidence": "sure"}, "min_confidence", "valid number"),
        ({"provider": "ipinfo", "max_price": "-1"}, "max_price", "greater than or equal"),
        ({"provider": "ipinfo", "max_price": "free"}, "max_price", "valid decimal"),
        ({"provider": "ipinfo", "order": "0"}, "order", "greater than or equal to 1"),
        ({"provider": "ipinfo", "order": "first"}, "order", "whole number"),
    ],
)
def test_what_is_wrong_with_a_step_is_said_beside_it_and_nothing_is_saved(
    portal: Client, step: dict[str, str], field: str, words: str
) -> None:
    response = save(portal, "city", {"provider": "ipgeolocation", "order": "1"}, step)

    assert words in " ".join(response.context["forms"].rows[1].errors[field])
    assert not Waterfall.objects.exists()


def test_a_step_stands_once_and_a_broken_form_empties_nothing(portal: Client) -> None:
    twice = save(portal, "city", {"provider": "ipinfo"}, {"provider": "ipinfo"})
    assert "ipinfo is asked for this already" in text(twice)
    save(portal, "city", {"provider": "ipinfo"})

    for rows in ("", "many", "-1", "0"):
        assert "arrived incomplete" in text(save(portal, "city", rows=rows))
    assert names() == ["ipinfo"]


def test_a_provider_that_is_disabled_is_offered_as_that(portal: Client) -> None:
    assert "phone (disabled)" in text(portal.get(f"{LIST}city/"))


@pytest.mark.parametrize("name", ["nobody", "..", "a%00b"])
def test_attributes_nobody_defined_have_no_page(portal: Client, name: str) -> None:
    assert portal.get(f"{LIST}{name}/").status_code == 404


def test_who_is_no_administrator_has_no_business_here(client: Client, db: None) -> None:
    client.force_login(User.objects.create(email="ada@people.example"))

    for page in (LIST, f"{LIST}city/"):
        assert client.get(page, follow=True).status_code == 403
