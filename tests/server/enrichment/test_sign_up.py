"""A visitor signs up: what providers know within the budget is there, the rest comes later."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from tests.journeys.conftest import eventually

from burnish.attributes.access import OPEN
from burnish.attributes.custom import CustomAttribute as Definition
from burnish_server.enrichment.models import Kept, Lookup, Provider, Run
from burnish_server.hooks.models import Event, Hook
from burnish_server.identity.flows import administrator, enrich_rest
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.questions.models import Question

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"
ADDRESS = "203.0.113.40"


def sign_up(client: Client, email: str = "ada@nordlake.example", address: str = ADDRESS) -> float:
    """Sign somebody up, and return the seconds it took."""
    began = time.monotonic()
    page = client.post("/signup/", {"email": email, "password1": PASSWORD}, REMOTE_ADDR=address)
    assert page.status_code == 302, page.content.decode()
    return time.monotonic() - began


def custom(email: str = "ada@nordlake.example") -> dict[str, object]:
    """Return somebody's custom attributes by name."""
    schema, profile = store.schema(), store.of(User.objects.get(email=email).pk)
    return {schema.by_id[key].name: value for key, value in profile.custom.items()}


def test_what_a_provider_knows_is_in_the_profile_with_its_provenance(
    client: Client, provider: Callable[..., Provider], waterfall: Callable[..., Definition]
) -> None:
    provider("ipgeolocation", api_key="k", price="0.002")
    city = waterfall("city", "ipgeolocation")
    waterfall("country", {"provider": "ipgeolocation", "output": "country_code"})

    sign_up(client)

    assert custom().keys() == {"city", "country"}
    user = User.objects.get()
    (fact,) = store.of(user.pk).facts["custom"][city.id].items()
    assert fact[0] == "provider:ipgeolocation"
    assert fact[1]["confidence"] == 0.8
    run = Run.objects.get()
    assert (run.user, run.reason, run.state, run.sealed) == (user, "sign_up", "done", "")
    lookup = Lookup.objects.get()
    assert (lookup.outcome, lookup.asked, str(lookup.cost)) == ("found", True, "0.002000")
    assert sorted(lookup.gave) == ["city", "country"]
    event = Event.objects.get(type="profile.enriched")
    assert event.payload["sources"] == {"provider:ipgeolocation": ["city", "country"]}
    created = Event.objects.get(type="user.created").payload["user"]
    assert created["custom_attributes"].keys() == {"city", "country"}


def test_hooks_see_what_providers_said_and_have_the_last_word(
    client: Client,
    provider: Callable[..., Provider],
    waterfall: Callable[..., Definition],
    hook: Callable[..., Hook],
) -> None:
    provider("ipgeolocation", api_key="k")
    city = waterfall("city", "ipgeolocation")
    hook(
        "upper",
        "export default (e) => ({is_allowed: true, mutations: {user: {custom_attributes:"
        " {city: e.payload.user.custom_attributes.city.toUpperCase()}}}});",
    )

    sign_up(client)

    facts = store.of(User.objects.get().pk).facts["custom"][city.id]
    said = facts["provider:ipgeolocation"]["value"]
    assert facts["hook:upper"]["value"] == said.upper()
    assert custom() == {"city": said.upper()}


@pytest.mark.parametrize(
    "key", ["slow-1500", "hang", "error-500", "garbage", "limit-429", "invalid"]
)
def test_a_vendor_s_bad_day_reaches_nobody(
    client: Client,
    provider: Callable[..., Provider],
    waterfall: Callable[..., Definition],
    key: str,
) -> None:
    provider("ipgeolocation", api_key=key)
    waterfall("city", "ipgeolocation")
    User.objects.count()

    seconds = sign_up(client)

    assert seconds < 1.2
    assert custom() == {}


def test_what_comes_after_the_budget_is_written_when_it_comes(
    client: Client, provider: Callable[..., Provider], waterfall: Callable[..., Definition]
) -> None:
    provider("ipgeolocation", api_key="slow-1000")
    waterfall("city", "ipgeolocation")

    sign_up(client)

    assert custom() == {}
    assert Run.objects.get().state == "waiting"
    assert eventually(lambda: "city" in custom(), 3)
    assert eventually(lambda: Run.objects.get().state == "done", 2)
    assert [one.outcome for one in Lookup.objects.all()] == ["found"]
    assert Event.objects.filter(type="profile.enriched").count() == 1


def test_a_worker_goes_on_where_the_process_ended(
    client: Client,
    provider: Callable[..., Provider],
    waterfall: Callable[..., Definition],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider("ipgeolocation", api_key="slow-600")
    waterfall("city", "ipgeolocation")
    # The process that waits is gone: nobody is told when the answer comes.
    monkeypatch.setattr(enrich_rest._Following, "_done", lambda *_: None)

    sign_up(client)
    time.sleep(1)
    assert custom() == {}
    enrich_rest.resume(Run.objects.get().pk)

    assert custom().keys() == {"city"}
    run = Run.objects.get()
    assert (run.state, run.sealed) == ("done", "")
    # The answer was kept, so nobody paid for it twice.
    assert [one.kept for one in Lookup.objects.all()] == ["fresh"]


def test_a_job_is_waiting_for_the_worker_in_the_same_transaction(
    client: Client, provider: Callable[..., Provider], waterfall: Callable[..., Definition]
) -> None:
    provider("ipgeolocation", api_key="slow-3000")
    waterfall("city", "ipgeolocation")

    sign_up(client)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at - now() FROM procrastinate_jobs"
            " WHERE task_name = %s AND args->>'run' = %s",
            [enrich_rest.TASK, str(Run.objects.get().pk)],
        )
        ((wait,),) = cursor.fetchall()
    assert timedelta(seconds=30) < wait < timedelta(seconds=60)


def test_kept_answers_are_sealed_under_keys_that_tell_nothing(
    client: Client, provider: Callable[..., Provider], waterfall: Callable[..., Definition]
) -> None:
    provider("ipgeolocation", api_key="k")
    waterfall("city", "ipgeolocation")

    sign_up(client)
    sign_up(Client(), "eva@nordlake.example")

    kept = Kept.objects.get()
    assert len(kept.key) == 64
    found = str(custom()["city"])
    assert found not in kept.sealed
    assert ADDRESS not in f"{kept.key}{kept.sealed}"
    assert custom("eva@nordlake.example") == custom()
    assert sorted(one.kept for one in Lookup.objects.all()) == ["", "fresh"]


def test_a_key_is_sealed_and_a_file_s_export_does_not_give_it_back(
    provider: Callable[..., Provider],
) -> None:
    row = provider("ipgeolocation", api_key="very-secret-key", generation="v1")

    row.refresh_from_db()
    assert row.settings == {"generation": "v1"}
    assert "very-secret-key" not in str(row.sealed)


def test_an_administrator_s_address_says_nothing_of_whom_they_add(
    client: Client,
    provider: Callable[..., Provider],
    waterfall: Callable[..., Definition],
) -> None:
    provider("ipgeolocation", api_key="k")
    waterfall("city", "ipgeolocation")

    administrator.create("root@staff.example", PASSWORD)
    client.force_login(User.objects.get(), "django.contrib.auth.backends.ModelBackend")

    page = client.post(
        "/portal/identity/user/add/",
        {"email": "eva@nordlake.example", "password": PASSWORD},
        REMOTE_ADDR="203.0.113.7",
    )

    assert page.status_code == 302
    assert custom("eva@nordlake.example") == {}
    assert Lookup.objects.get().reason == "missing_input"


def test_a_sign_up_where_nothing_is_wanted_notes_nothing(
    client: Client, provider: Callable[..., Provider]
) -> None:
    provider("ipgeolocation", api_key="k")

    sign_up(client)

    assert not Run.objects.exists()
    assert not Lookup.objects.exists()


def test_what_somebody_answered_in_the_form_is_not_asked_of_providers(
    client: Client, provider: Callable[..., Provider], waterfall: Callable[..., Definition]
) -> None:
    provider("ipgeolocation", api_key="k")
    waterfall("city", "ipgeolocation", access=OPEN.model_dump())
    words = {"en": {"title": "Where do you live?"}}
    entry = {"attributes": ["city"], "words": words, "sign_up": True}
    Question.objects.create(key="city", entry=entry)

    said = {"email": "ada@nordlake.example", "password1": PASSWORD, "answer-city": "Malmö"}
    assert client.post("/signup/", said, REMOTE_ADDR=ADDRESS).status_code == 302

    assert custom() == {"city": "Malmö"}
    assert not Lookup.objects.exists()
