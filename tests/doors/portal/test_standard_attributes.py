"""User profile > Standard attributes."""

from typing import Any

from django.test import Client
from tests.doors.portal.conftest import text

from burnish_server.audit.models import Entry
from burnish_server.profiles import store
from burnish_server.profiles.models import Population

LIST = "/portal/profiles/standardattribute/"


def typed(end_user: str, bearer: str, portal_ui: str, **fields: Any) -> dict[str, Any]:
    grid = {"access_end_user": end_user, "access_bearer": bearer, "access_portal_ui": portal_ui}
    return {"by": "standing"} | grid | fields


def test_all_sixteen_are_listed_with_who_sees_them(portal: Client) -> None:
    page = text(portal.get(LIST))

    assert "16 standard attributes" in page
    assert "Given Name given_name The user (see and edit), Apps (see)" in page
    assert "Website website Nobody: for hooks only" in page


def test_access_and_merging_are_settled_and_logged(portal: Client) -> None:
    portal.get(LIST)

    portal.post(
        f"{LIST}website/change/",
        typed("readwrite", "readonly", "readwrite", by="newest", prefer="hook:geo"),
    )

    website = store.schema().standard["website"]
    assert website.access_control.end_user == "readwrite"
    assert (website.merge.by, website.merge.prefer) == ("newest", ("hook:geo",))
    [entry] = Entry.objects.all()
    assert (entry.action, entry.subject_kind, entry.subject) == (
        "changed",
        "standard attribute",
        "website",
    )
    page = text(portal.get(f"/portal/audit/entry/{entry.pk}/change/"))
    assert "merge standing {" in page


def test_a_combination_that_is_not_legal_is_refused_beside_the_grid(portal: Client) -> None:
    portal.get(LIST)

    response = portal.post(f"{LIST}website/change/", typed("readwrite", "hidden", "hidden"))

    assert "This combination is not allowed" in text(response)
    assert store.schema().standard["website"].access_control.end_user == "hidden"


def test_filling_in_from_social_identities_can_be_switched_off(portal: Client) -> None:
    portal.post("/portal/profiles/population/1/change/", {"strategy": "none"})

    assert Population.current().strategy == "none"
    assert "Take nothing over" in text(portal.get(LIST))
    assert Entry.objects.get().subject_kind == "population"
