"""Users who come back and miss something, or change what providers are asked with."""

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.utils import timezone

from burnish.attributes.access import OPEN
from burnish.attributes.custom import CustomAttribute as Definition
from burnish.profiles.fact import Fact
from burnish_server.enrichment.models import Lookup, Provider, Run
from burnish_server.hooks.models import Event
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import enrich, enrich_rest
from burnish_server.identity.flows.update_profile import Update, update
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.edit import Edit

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"
EMAIL = "ada@nordlake.example"


@pytest.fixture
def ada(transactional_db: None) -> User:
    """Somebody with a password, a verified address and a profile that has only that."""
    user = User(email=EMAIL)
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    say(user, Fact("standard", "email", EMAIL, "user", timezone.now()))
    return user


def say(user: User, fact: Fact) -> None:
    store.say(user.pk, [fact], timezone.now(), store.schema())


def log_in(client: Client, address: str = "203.0.113.40") -> None:
    page = client.post("/login/", {"login": EMAIL, "password": PASSWORD}, REMOTE_ADDR=address)
    assert page.status_code == 302, page.content.decode()
    assert "_auth_user_id" in client.session


def value(user: User, attribute: Definition) -> object:
    return store.of(user.pk).custom.get(attribute.id)


def test_what_is_missing_is_filled_in_at_login(
    client: Client,
    ada: User,
    provider: Callable[..., Provider],
    waterfall: Callable[..., Definition],
) -> None:
    provider("ipgeolocation", api_key="k")
    city = waterfall("city", "ipgeolocation")

    log_in(client)

    assert value(ada, city)
    assert Run.objects.get().reason == "login"
    told = Event.objects.get(type="user.authenticated").payload["user"]
    assert told["custom_attributes"] == {"city": value(ada, city)}


def test_nobody_is_asked_about_a_person_who_misses_nothing(
    client: Client,
    ada: User,
    provider: Callable[..., Provider],
    waterfall: Callable[..., Definition],
) -> None:
    provider("ipgeolocation", api_key="k")
    city = waterfall("city", "ipgeolocation")
    say(ada, Fact("custom", city.id, "Lund", "user", timezone.now()))

    log_in(client)

    assert value(ada, city) == "Lund"
    assert not Run.objects.exists()


def test_what_has_expired_is_asked_anew(
    client: Client,
    ada: User,
    provider: Callable[..., Provider],
    waterfall: Callable[..., Definition],
) -> None:
    provider("ipgeolocation", api_key="k")
    city = waterfall("city", "ipgeolocation")
    past = timezone.now() - timedelta(days=400)
    gone = past + timedelta(days=180)
    say(ada, Fact("custom", city.id, "Old", "provider:ipgeolocation", past, expires_at=gone))

    log_in(client)

    assert value(ada, city) not in (None, "Old")


def test_a_login_waits_no_longer_than_its_budget(
    client: Client,
    ada: User,
    provider: Callable[..., Provider],
    waterfall: Callable[..., Definition],
) -> None:
    provider("ipgeolocation", api_key="hang")
    waterfall("city", "ipgeolocation")

    began = time.monotonic()
    log_in(client)

    assert time.monotonic() - began < 2
    assert Run.objects.get().state == "waiting"


def test_a_provider_that_cannot_be_made_stops_no_login(
    client: Client,
    ada: User,
    provider: Callable[..., Provider],
    waterfall: Callable[..., Definition],
) -> None:
    row = provider("ipgeolocation", api_key="k")
    waterfall("city", "ipgeolocation")
    Provider.objects.filter(pk=row.pk).update(sealed={"api_key": "not sealed with our key"})

    log_in(client)


def test_a_changed_input_has_a_worker_ask_who_needs_it(
    ada: User, provider: Callable[..., Provider], waterfall: Callable[..., Definition]
) -> None:
    provider("country")
    country = waterfall("home", {"provider": "country", "output": "country"})
    code = waterfall("country_code", type="country_code", access=OPEN.model_dump())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")

    edits = [Edit({"country_code": "SE"}, "portal_ui", "admin")]
    update(Update(ada, edits, store.schema(), timezone.now()), Circumstances("portal"))
    for run in jobs():
        enrich_rest.resume(run)

    assert store.of(ada.pk).custom[code.id] == "SE"
    assert value(ada, country) == "Sweden"
    assert Run.objects.get().reason == "change"


def jobs() -> list[UUID]:
    """Return the runs a worker is asked to go on with."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'run' FROM procrastinate_jobs WHERE task_name = %s", [enrich_rest.TASK]
        )
        return [UUID(run) for (run,) in cursor.fetchall()]


def test_whoever_asks_gets_an_account_and_a_plan_before(
    ada: User, provider: Callable[..., Provider], waterfall: Callable[..., Definition]
) -> None:
    provider("fullcontact_person", api_key="k")
    provider("ipgeolocation", api_key="k")
    title = waterfall("job_title", "fullcontact_person")
    waterfall("city", "ipgeolocation")

    plan = enrich.explain(ada)
    filling = enrich.now(ada, "request", Circumstances("portal", ip_address="198.51.100.4"))

    turns = {step.attribute: (step.provider, step.turn) for step in plan.steps}
    assert turns == {
        "job_title": ("fullcontact_person", "first"),
        "city": ("ipgeolocation", "skipped"),
    }
    assert filling is not None
    assert value(ada, title)
    assert {one.provider: one.outcome for one in Lookup.objects.all()} == {
        "fullcontact_person": "found",
        "ipgeolocation": "skipped",
    }
