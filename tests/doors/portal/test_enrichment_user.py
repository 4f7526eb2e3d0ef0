"""A user's page > Enrich now: the plan first, then what each lookup said."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from tests.doors.portal.conftest import text

from burnish.attributes.custom import CustomAttribute as Definition
from burnish.profiles.fact import Fact
from burnish_server.audit.models import Entry
from burnish_server.enrichment.models import Lookup, Provider, Run
from burnish_server.identity.models import User
from burnish_server.profiles import store

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "ada.lovelace@nordlake.example"
Configure = Callable[..., Provider]
Pour = Callable[..., Definition]


@pytest.fixture
def ada(transactional_db: None) -> User:
    """Somebody of whom only the address is known."""
    user = User.objects.create(email=EMAIL)
    say(user, Fact("standard", "email", EMAIL, "user", timezone.now()))
    return user


def say(user: User, fact: Fact) -> None:
    store.say(user.pk, [fact], timezone.now(), store.schema())


def page_of(user: User) -> str:
    return f"/portal/identity/user/{user.pk}/enrich/"


def test_the_plan_says_who_would_be_asked_who_not_and_what_it_can_cost(
    portal: Client, ada: User, provider: Configure, waterfall: Pour
) -> None:
    provider("people_data_labs", api_key="k")
    provider("hunter_person", api_key="k", purposes=["marketing"])
    provider("ipgeolocation", api_key="k")
    provider("hunter_company", api_key="k")
    provider("fullcontact_person", api_key="k")
    provider("email_address")
    waterfall("company_name", "hunter_person", "people_data_labs", "fullcontact_person")
    waterfall("city", "ipgeolocation")
    waterfall("company_size", "hunter_company")

    page = text(portal.get(page_of(ada)))

    assert "hunter_person Not asked the person did not consent to marketing 0.005" in page
    assert "people_data_labs Asked at once 0.28" in page
    assert "fullcontact_person If those before have nothing free" in page
    assert "City ipgeolocation Not asked it needs ip free" in page
    assert "hunter_company After email_address 0.005" in page
    assert "It costs 0.285 at most" in page
    assert not Lookup.objects.exists()
    assert not Run.objects.exists()


def test_enriching_asks_writes_notes_who_wanted_it_and_shows_what_each_said(
    portal: Client, administrator: User, ada: User, provider: Configure, waterfall: Pour
) -> None:
    provider("people_data_labs", api_key="k")
    provider("ipgeolocation", api_key="k")
    company = waterfall("company_name", "people_data_labs")
    waterfall("city", "ipgeolocation")

    response = portal.post(page_of(ada), REMOTE_ADDR="203.0.113.40")

    assert response["Location"] == f"{page_of(ada)}#runs"
    page = text(portal.get(page_of(ada)))
    assert "Filled in: company_name." in page
    assert "Asked for by root@staff.example Done" in page
    assert "people_data_labs found company_name" in page
    # The administrator's own address is nobody's: it must not make the user's city.
    assert "ipgeolocation skipped missing input it needs ip" in page
    assert store.of(ada.pk).custom[company.id] == "Nordlake"
    run = Run.objects.get()
    assert (run.reason, run.by, run.state) == ("request", administrator.pk, "done")
    entry = Entry.objects.get(action="enriched")
    assert (entry.subject, entry.detail["asked"]) == (EMAIL, ["people_data_labs"])
    assert "Nordlake" not in str(entry.detail)
    assert "Nordlake" not in text(portal.get("/portal/enrichment/lookup/"))
    shown = text(portal.get(f"/portal/identity/user/{ada.pk}/change/"))
    assert "provider:people_data_labs" in shown
    assert "Enrichment 20" in shown


def test_when_nothing_is_missing_nobody_is_asked(
    portal: Client, ada: User, provider: Configure, waterfall: Pour
) -> None:
    provider("ipgeolocation", api_key="k")
    city = waterfall("city", "ipgeolocation")
    say(ada, Fact("custom", city.id, "Lyon", "user", timezone.now()))

    page = portal.get(page_of(ada))
    assert "City : the person said it" in text(page)
    assert "Enrich now" not in text(page)
    portal.post(page_of(ada))

    assert "Nothing is missing that a provider could give" in text(portal.get(page_of(ada)))
    assert not Run.objects.exists()
    assert not Entry.objects.filter(action="enriched").exists()


def test_a_vendor_that_fails_is_told_and_nothing_is_written(
    portal: Client, ada: User, provider: Configure, waterfall: Pour
) -> None:
    provider("people_data_labs", api_key="error-503")
    waterfall("company_name", "people_data_labs")

    portal.post(page_of(ada))

    page = text(portal.get(page_of(ada)))
    assert "Nobody had anything to fill in; see below why." in page
    assert "people_data_labs failed unavailable it answered 503" in page
    assert store.of(ada.pk).custom == {}


def test_a_vendor_that_still_looks_is_said_to(
    portal: Client, ada: User, provider: Configure, waterfall: Pour
) -> None:
    provider("hunter_person", api_key="pending-5")
    waterfall("company_name", "hunter_person")

    portal.post(page_of(ada))

    page = text(portal.get(page_of(ada)))
    assert "Some are still asked; load the page again" in page
    assert "Under way" in page


def test_nobody_is_enriched_who_is_nobody_any_more(portal: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(anonymized_at=timezone.now())

    assert portal.get(page_of(ada)).status_code == 404
    assert portal.post(page_of(ada)).status_code == 404
    assert "Enrich now" not in text(portal.get(f"/portal/identity/user/{ada.pk}/change/"))


def test_who_is_no_administrator_enriches_nobody(client: Client, ada: User) -> None:
    client.force_login(ada)

    client.post(page_of(ada))

    assert not Run.objects.exists()
