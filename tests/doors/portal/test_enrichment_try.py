"""Enrichment > Providers > Test: the stand-in vendor is really asked, and nothing is written."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.doors.portal.conftest import text

from burnish_server import engine
from burnish_server.audit.models import Entry
from burnish_server.enrichment.models import Lookup, Provider
from burnish_server.profiles.models import History

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "sk-never-shown-anywhere"
ADDRESS = "203.0.113.40"
CANARY = "canary"
Configure = Callable[..., Provider]


def tried(portal: Client, name: str, **typed: str) -> str:
    return text(portal.post(f"/portal/enrichment/provider/{name}/try/", typed))


def test_a_vendor_is_asked_and_its_answer_shown_with_confidence_time_and_cost(
    portal: Client, provider: Configure
) -> None:
    provider("ipgeolocation", api_key=KEY, price="0.002")

    page = tried(portal, "ipgeolocation", ip=f" {ADDRESS} ")

    assert "Found Took" in page
    assert "Cost 0.002" in page
    assert "city Mumbai 0.8" in page
    assert KEY not in page
    lookup = Lookup.objects.get()
    assert (lookup.outcome, lookup.user_id, lookup.run, str(lookup.cost)) == (
        "found",
        None,
        None,
        "0.002000",
    )
    assert not History.objects.exists()
    entry = Entry.objects.get(action="tested")
    assert (entry.subject, entry.detail) == ("ipgeolocation", {})


def test_a_kept_answer_is_shown_as_such_unless_it_is_asked_anew(
    portal: Client, provider: Configure
) -> None:
    provider("ipgeolocation", api_key="k", price="0.002")
    tried(portal, "ipgeolocation", ip=ADDRESS)

    again = tried(portal, "ipgeolocation", ip=ADDRESS)
    anew = tried(portal, "ipgeolocation", ip=ADDRESS, anew="on")

    assert "Answer kept already" in again
    assert "Cost 0.00 " in again
    assert "kept already" not in anew.partition("Found Took")[2]
    asked = Lookup.objects.order_by("id").values_list("asked", "kept")
    assert list(asked) == [(True, ""), (False, "fresh"), (True, "")]


def test_what_is_typed_is_neither_logged_nor_stored_readably(
    portal: Client, provider: Configure, capfd: pytest.CaptureFixture[str]
) -> None:
    provider("people_data_labs", api_key=KEY)

    tried(portal, "people_data_labs", email=f"ada.{CANARY}@nordlake.example", anew="on")

    assert Lookup.objects.get().asked
    printed = capfd.readouterr()
    assert CANARY not in printed.out + printed.err
    assert KEY not in printed.out + printed.err
    with connection.cursor() as cursor:
        for table in ("enrichment_lookup", "enrichment_kept", "audit_entry", "enrichment_gauge"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} AS t")
            assert CANARY not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("invalid", "Failed unauthorized : it answered"),
        ("error-503", "Failed unavailable : it answered 503"),
        ("garbage", "Failed bad_answer :"),
        ("hang", "Failed timeout : it did not answer within 0.2 s"),
    ],
)
def test_why_there_is_no_answer_is_said(
    portal: Client, provider: Configure, key: str, words: str
) -> None:
    provider("ipgeolocation", api_key=key, timeout="200 ms")

    assert words in tried(portal, "ipgeolocation", ip=ADDRESS)


def test_a_miss_and_a_vendor_that_is_left_alone_are_told_apart(
    portal: Client, provider: Configure
) -> None:
    provider("ipgeolocation", api_key="k")
    provider("ipinfo", api_key="invalid")

    assert "Miss It knows nothing of this." in tried(portal, "ipgeolocation", ip="192.0.2.7")
    assert "Failed unauthorized" in tried(portal, "ipinfo", ip=ADDRESS)
    assert "Skipped limited : the vendor does not accept the key" in tried(
        portal, "ipinfo", ip="203.0.113.41"
    )


def test_a_provider_without_network_is_tested_too(portal: Client, provider: Configure) -> None:
    provider("email_address")

    page = tried(portal, "email_address", email="Ada.Lovelace@nordlake.example")

    assert "Nothing leaves the house." in page
    assert "company_domain nordlake.example" in page


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("ipgeolocation", {}, "It cannot be asked without: IP address."),
        ("ipgeolocation", {"ip": "nowhere"}, "It is not an IP address."),
        ("ipgeolocation", {"ip": "10.0.0.1"}, "It is a private or reserved address"),
        ("ipgeolocation", {"ip": "1" * 3000}, "at most 2000 characters"),
        ("people_data_labs", {"company_name": "Nordlake"}, "It cannot be asked without"),
        ("people_data_labs", {"email": "ada@"}, "It is not an e-mail address."),
    ],
)
def test_inputs_nobody_can_be_asked_with_are_refused_and_nobody_is_asked(
    portal: Client, provider: Configure, name: str, typed: dict[str, Any], words: str
) -> None:
    provider(name, api_key="k")

    assert words in tried(portal, name, **typed)
    assert not Lookup.objects.exists()
    assert not Entry.objects.filter(action="tested").exists()


def test_a_provider_with_a_problem_says_it_instead_of_asking(
    portal: Client, provider: Configure
) -> None:
    provider("ipgeolocation", api_key="${GONE}")

    assert "It cannot be asked: There is no secret GONE" in tried(portal, "ipgeolocation", ip="x")


def test_no_connection_is_held_while_the_vendor_answers(
    portal: Client, provider: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider("ipgeolocation", api_key="slow-50")
    open_then: list[bool] = []
    submit = engine.Engine.submit

    def watched(self: engine.Engine, work: Any, timeout: float) -> Any:
        open_then.append(connection.connection is not None)
        return submit(self, work, timeout)

    monkeypatch.setattr(engine.Engine, "submit", watched)

    assert "Found" in tried(portal, "ipgeolocation", ip=ADDRESS)
    assert open_then[-1] is False
