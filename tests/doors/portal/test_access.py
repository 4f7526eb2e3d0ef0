"""Who comes into the portal, and what everybody finds there."""

import re

import pytest
from django.test import Client
from pytest_django import Settings
from tests.doors.portal.conftest import text

from burnish_server.identity.models import User
from burnish_server.portal import dashboard

PAGES = (
    "/portal/",
    "/portal/identity/user/",
    "/portal/identity/user/add/",
    "/portal/profiles/customattribute/",
    "/portal/profiles/customattribute/add/",
    "/portal/enrichment/lookup/",
    "/portal/enrichment/provider/",
    "/portal/enrichment/provider/add/",
    "/portal/enrichment/provider/add/?kind=ipgeolocation",
    "/portal/enrichment/waterfall/",
    "/portal/enrichment/waterfall/nickname/",
    "/portal/enrichment/timebudget/1/change/",
    "/portal/consent/purpose/",
    "/portal/questions/question/",
    "/portal/questions/question/_add/",
    "/portal/questions/simulator/",
    "/portal/questions/manners/",
    "/portal/segments/segment/",
    "/portal/segments/segment/_add/",
    "/portal/hooks/hook/",
    "/portal/hooks/hook/add/",
    "/portal/hooks/run/",
    "/portal/hooks/timelimits/1/change/",
)


@pytest.mark.django_db
def test_visitors_are_sent_to_the_one_login_page_and_brought_back(client: Client) -> None:
    response = client.get("/portal/hooks/hook/", follow=True)

    assert response.redirect_chain[-1][0] == "/login/?next=/portal/hooks/hook/"


def test_signing_in_there_leads_to_the_page_one_asked_for(
    client: Client, administrator: User
) -> None:
    typed = {"login": "root@staff.example", "password": "correct horse battery"}
    address = administrator.emailaddress_set
    address.create(email=administrator.email, verified=True, primary=True)

    response = client.post("/login/?next=/portal/hooks/hook/", typed)

    assert response["Location"] == "/portal/hooks/hook/"


@pytest.mark.django_db
def test_people_who_are_no_administrators_are_told_so_and_go_round_in_no_circle(
    client: Client,
) -> None:
    client.force_login(User.objects.create(email="ada@people.example"))

    response = client.get("/portal/", follow=True)

    assert response.status_code == 403
    assert "For administrators only" in text(response)
    assert "ada@people.example" in text(response)


def test_the_navigation_has_its_groups_and_items_and_no_others(portal: Client) -> None:
    page = portal.get("/portal/").content.decode()

    sidebar = page[page.index('id="nav-sidebar-apps"') : page.index('id="main"')]
    titles = re.findall(r"<h2[^>]*>\s*([^<]+?)\s*<|<span>([^<]+)</span>", sidebar)
    assert [group or item for group, item in titles] == [
        "User management",
        "Users",
        "Roles",
        "Groups",
        "Import",
        "Export",
        "Social sign-in",
        "User profile",
        "Standard attributes",
        "Custom attributes",
        "Applications",
        "Clients",
        "Enrichment",
        "Overview",
        "Providers",
        "Waterfalls",
        "Time budget",
        "Purposes",
        "Progressive profiling",
        "Questions",
        "Simulator",
        "Manners",
        "Segments",
        "Advanced",
        "Hooks",
        "Hook log",
        "Deliveries",
        "Secrets",
        "Time limits",
        "Audit log",
        "API keys",
        "Admin keys",
        "API",
    ]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_in_the_sandbox_that_answers_are_made_up(
    page: str, portal: Client, settings: Settings
) -> None:
    sentence = "Sandbox: vendors are stand-ins and their answers are made up."
    without = text(portal.get(page))
    settings.BURNISH = settings.BURNISH.model_copy(update={"sandbox": True})

    within = text(portal.get(page))

    assert sentence in within
    assert sentence not in without


@pytest.mark.parametrize("page", PAGES)
def test_pages_load_nothing_from_elsewhere(page: str, portal: Client) -> None:
    html = portal.get(page).content.decode()

    # What somebody may follow is not loaded.
    html = re.sub(
        r'<a class="portal-link" href="https://[^"]*" rel="noopener noreferrer"', "", html
    )
    assert not re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', html)


def test_the_first_page_counts_and_ticks_off_the_first_steps(portal: Client) -> None:
    before = [step.done for step in dashboard.summary().steps]
    portal.post(
        "/portal/profiles/customattribute/add/",
        {
            "pointer": "city",
            "type": "string",
            "by": "standing",
            "access_end_user": "hidden",
            "access_bearer": "hidden",
            "access_portal_ui": "readwrite",
        },
    )
    User.objects.create(email="ada@people.example")

    page = text(portal.get("/portal/"))

    assert before == [False, False, False]
    assert [step.done for step in dashboard.summary().steps] == [True, False, True]
    assert "2 Users 1 Custom attributes 0 Hooks 0 Failed hook runs" in page


def test_signing_out_leads_to_the_login_page(portal: Client) -> None:
    response = portal.post("/portal/logout/")

    assert response["Location"] == "/login/"
    assert portal.get("/portal/").status_code == 302
