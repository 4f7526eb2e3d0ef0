"""Somebody sees where they are signed in, and signs out there."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.server.identity.conftest import text

from burnish_server.identity.flows import administrator
from burnish_server.identity.user_sessions import device

pytestmark = pytest.mark.django_db

ADDRESS, PASSWORD = "ada@nordlake.example", "correct horse battery"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


def signed_in(agent: str) -> Client:
    client = Client(headers={"user-agent": agent})
    client.post("/login/", {"login": ADDRESS, "password": PASSWORD})
    return client


def in_now(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


@pytest.fixture
def places() -> tuple[Client, Client]:
    """Ada's computer, and her phone."""
    administrator.create(ADDRESS, PASSWORD)
    return signed_in(FIREFOX), signed_in(IPHONE)


def test_each_device_is_named_and_this_one_is_marked(places: tuple[Client, Client]) -> None:
    page = text(places[0].get("/settings/sessions/"))

    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert page.count("This device") == 1


def test_one_is_signed_out_from_the_other(places: tuple[Client, Client]) -> None:
    computer, phone = places
    page = computer.get("/settings/sessions/")
    (other,) = [one for one in page.context["sessions"] if not one.is_current]

    computer.post("/settings/sessions/", {"end": str(other.id)})

    assert in_now(computer)
    assert not in_now(phone)


def test_all_others_are_signed_out_at_once(places: tuple[Client, Client]) -> None:
    computer, phone = places

    phone.post("/settings/sessions/", {"end": "others"})

    assert in_now(phone)
    assert not in_now(computer)


@pytest.mark.parametrize("which", ["", "nonsense", "999999", "²", "9" * 40])
def test_what_is_no_session_ends_none(places: tuple[Client, Client], which: str) -> None:
    response = places[0].post("/settings/sessions/", {"end": which})

    assert response.status_code == 302
    assert all(in_now(place) for place in places)


def test_nobody_signs_others_out(places: tuple[Client, Client]) -> None:
    administrator.create("eve@nordlake.example", PASSWORD)
    eve = Client()
    eve.post("/login/", {"login": "eve@nordlake.example", "password": PASSWORD})
    page = places[0].get("/settings/sessions/")

    for one in page.context["sessions"]:
        eve.post("/settings/sessions/", {"end": str(one.id)})

    assert all(in_now(place) for place in places)


@pytest.mark.parametrize(
    ("agent", "name"), [("", "Unknown device"), ("python-httpx/1", "python-httpx")]
)
def test_a_device_nobody_knows_has_a_name_too(agent: str, name: str) -> None:
    assert device(agent) == name


def test_a_login_takes_no_longer_for_each_place_there_is(
    places: tuple[Client, Client], django_assert_max_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as third:
        signed_in(FIREFOX)
    asked = len(third)
    for _ in range(3):
        signed_in(IPHONE)

    with django_assert_max_num_queries(asked):
        signed_in(FIREFOX)
