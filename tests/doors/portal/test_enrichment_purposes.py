"""Enrichment > Time budget, and > Purposes."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.doors.portal.conftest import text

from burnish_server.audit.models import Entry
from burnish_server.consent import store as consent
from burnish_server.consent.models import Purpose
from burnish_server.enrichment import store
from burnish_server.enrichment.models import Provider, TimeBudget

pytestmark = pytest.mark.django_db(transaction=True)

BUDGET = "/portal/enrichment/timebudget/1/change/"
LIST = "/portal/consent/purpose/"


def test_the_time_budget_is_one_form_with_the_defaults(portal: Client) -> None:
    response = portal.get("/portal/enrichment/timebudget/", follow=True)

    assert response.redirect_chain[-1][0] == BUDGET
    form = response.context["adminform"].form
    assert (form["sign_up_ms"].value(), form["login_ms"].value()) == (300, 300)


def test_a_budget_holds_at_once_and_stands_in_the_audit_log(portal: Client) -> None:
    for ms in ("250", "0"):
        portal.post(BUDGET, {"sign_up_ms": ms, "login_ms": "100"})

    assert TimeBudget.objects.get().sign_up_ms == 0
    assert store.setup().login.total_seconds() == 0.1
    assert Entry.objects.filter(subject_kind="time budget", action="changed").count() == 2


@pytest.mark.parametrize("ms", ["-1", "10001", "soon", "", "1e3", "9" * 30])
def test_a_budget_that_is_none_is_refused(portal: Client, ms: str) -> None:
    response = portal.post(BUDGET, {"sign_up_ms": ms, "login_ms": "100"})

    assert response.context["adminform"].form.errors.keys() == {"sign_up_ms"}
    assert not TimeBudget.objects.exists()


def test_a_purpose_is_added_changed_and_removed_with_who_serves_it(
    portal: Client, provider: Callable[..., Provider]
) -> None:
    provider("ipgeolocation", api_key="k", purposes=["marketing"])

    portal.post(f"{LIST}add/", {"name": "marketing", "title": "Offers", "basis": "contract"})
    assert consent.purposes()["marketing"].basis == "contract"
    portal.post(f"{LIST}marketing/change/", {"title": "Offers", "basis": "consent"})
    assert consent.purposes()["marketing"].basis == "consent"
    assert "marketing Offers Consent: only for people who granted it ipgeolocation" in text(
        portal.get(LIST)
    )
    warned = text(portal.get(f"{LIST}marketing/delete/"))
    assert "It is served by: ipgeolocation. They would need consent then." in warned
    portal.post(f"{LIST}marketing/delete/", {"post": "yes"})

    assert not Purpose.objects.exists()
    actions = Entry.objects.filter(subject_kind="purpose").order_by("id")
    assert [entry.action for entry in actions] == ["added", "changed", "removed"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "No Name", "basis": "consent"}, "name"),
        ({"name": "x" * 61, "basis": "consent"}, "name"),
        ({"name": "", "basis": "consent"}, "name"),
        ({"name": "marketing", "basis": "because"}, "basis"),
        ({"name": "marketing", "basis": "consent", "title": "x" * 201}, "title"),
    ],
)
def test_a_purpose_that_is_none_is_refused_beside_the_field(
    portal: Client, typed: dict[str, str], field: str
) -> None:
    response = portal.post(f"{LIST}add/", typed)

    assert response.context["adminform"].form.errors.keys() == {field}
    assert not Purpose.objects.exists()


def test_a_purpose_keeps_the_name_grants_are_kept_by(portal: Client) -> None:
    Purpose.objects.create(name="marketing")

    portal.post(f"{LIST}marketing/change/", {"name": "sales", "title": "S", "basis": "consent"})

    assert [(row.name, row.title) for row in Purpose.objects.all()] == [("marketing", "S")]
