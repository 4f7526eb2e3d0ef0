"""`POST /api/v1/users/{id}/enrich`: a program has a profile filled in."""

import json
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone
from tests.doors.api.conftest import Program
from tests.journeys.conftest import eventually

from burnish.attributes.custom import CustomAttribute as Definition
from burnish.profiles.fact import Fact
from burnish_server.api_keys.models import ApiKey
from burnish_server.audit.models import Entry
from burnish_server.enrichment.models import Lookup, Provider, Run
from burnish_server.hooks.models import Event
from burnish_server.identity.models import User
from burnish_server.profiles import store

pytestmark = pytest.mark.django_db(transaction=True)

Configure = Callable[..., Provider]
Pour = Callable[..., Definition]

ADDRESS = "203.0.113.40"


@pytest.fixture
def ada(waterfall: Pour) -> User:
    """A user of whom an address is known, by which providers can be asked."""
    user = User.objects.create(email="ada@nordlake.example")
    last = waterfall("ip")
    say(user, "custom", last.id, ADDRESS)
    say(user, "standard", "email", user.email)
    return user


def say(user: User, group: str, key: str, value: object) -> None:
    at = timezone.now()
    store.say(user.pk, [Fact(group, key, value, "user", at)], at, store.schema())  # type: ignore[arg-type]


def path(user: User) -> str:
    return f"/api/v1/users/{user.pk}/enrich"


def test_a_profile_is_filled_in_and_the_answer_says_by_whom(
    program: Program, provider: Configure, waterfall: Pour, ada: User
) -> None:
    provider("ipgeolocation", api_key="very-secret-key", price="0.002")
    waterfall("city", "ipgeolocation")
    waterfall("country", {"provider": "ipgeolocation", "output": "country_code"})

    status, said, _ = program.post(path(ada))

    assert status == 200
    assert said["complete"] is True
    assert said["custom_attributes"].keys() == {"ip", "city", "country"}
    assert said["standard_attributes"] == {"email": ada.email}
    assert {one["attribute"]: one["source"] for one in said["facts"]} == {
        "city": "provider:ipgeolocation",
        "country": "provider:ipgeolocation",
    }
    (line,) = said["lookups"]
    assert (line["provider"], line["outcome"], line["asked"]) == ("ipgeolocation", "found", True)
    assert (sorted(line["gave"]), line["cost"]) == (["city", "country"], "0.002")
    assert said["custom_attributes"]["city"] not in json.dumps([said["lookups"], said["facts"]])
    assert "very-secret-key" not in json.dumps(said)


def test_the_run_the_event_and_the_audit_log_tell_of_it(
    program: Program, provider: Configure, waterfall: Pour, ada: User
) -> None:
    provider("ipgeolocation", api_key="k")
    waterfall("city", "ipgeolocation")

    said = program.post(path(ada), {"want": ["city"]}).body

    run = Run.objects.get()
    assert (str(run.pk), run.reason, run.state) == (said["run"], "request", "done")
    event = Event.objects.get(type="profile.enriched")
    assert event.context["triggered_by"] == "admin_api"
    assert "ip_address" not in event.context
    entry = Entry.objects.get(action="enriched")
    assert (entry.door, entry.actor, entry.actor_id) == ("api", "crm-sync", ApiKey.objects.get().pk)
    assert (entry.subject_id, entry.detail) == (str(ada.pk), {"attributes": ["city"]})


def test_the_program_s_own_address_is_never_asked_with(
    program: Program, provider: Configure, waterfall: Pour
) -> None:
    provider("ipgeolocation", api_key="k")
    waterfall("city", "ipgeolocation")
    eva = User.objects.create(email="eva@nordlake.example")

    said = program.post(path(eva)).body

    assert said["complete"] is True
    (line,) = said["lookups"]
    assert (line["outcome"], line["reason"]) == ("skipped", "missing_input")
    assert not Lookup.objects.filter(asked=True).exists()


def test_what_is_known_already_is_not_asked_again(
    program: Program, provider: Configure, waterfall: Pour, ada: User
) -> None:
    provider("ipgeolocation", api_key="k")
    waterfall("city", "ipgeolocation")

    first, second = program.post(path(ada)).body, program.post(path(ada)).body

    assert (second["run"], second["lookups"], second["complete"]) == (None, [], True)
    assert second["settled"] == {"city": "provider:ipgeolocation said it, and that still holds"}
    assert second["custom_attributes"] == first["custom_attributes"]
    assert Entry.objects.filter(action="enriched").count() == 1


def test_who_does_not_wait_reads_it_later(
    program: Program, provider: Configure, waterfall: Pour, ada: User
) -> None:
    provider("ipgeolocation", api_key="slow-1000")
    waterfall("city", "ipgeolocation")
    began = time.monotonic()

    said = program.post(path(ada), {"within_ms": 50}).body

    assert time.monotonic() - began < 0.9
    assert (said["complete"], said["facts"]) == (False, [])
    assert eventually(
        lambda: "city" in program.post(path(ada), {"want": []}).body["custom_attributes"], 4
    )


@pytest.mark.parametrize("mood", ["error-500", "garbage", "invalid", "limit-429"])
def test_a_vendor_s_bad_day_is_in_the_account(
    program: Program, provider: Configure, waterfall: Pour, ada: User, mood: str
) -> None:
    provider("ipgeolocation", api_key=mood)
    waterfall("city", "ipgeolocation")

    status, said, _ = program.post(path(ada))

    assert (status, said["lookups"][0]["outcome"]) == (200, "failed")
    assert said["custom_attributes"] == {"ip": ADDRESS}


def test_the_plan_says_whom_it_would_ask_and_asks_nobody(
    program: Program, provider: Configure, waterfall: Pour, ada: User
) -> None:
    provider("ipgeolocation", api_key="k", price="0.002")
    provider("marketing", kind="ipgeolocation", api_key="k", purposes=["marketing"])
    waterfall("city", "marketing", "ipgeolocation")
    waterfall("country", {"provider": "ipgeolocation", "output": "country_code"})

    whole = program.get(path(ada)).body
    part = program.get(path(ada), want=["country", "ip"]).body

    assert whole["first"] == ["ipgeolocation"]
    assert whole["most"] == "0.002"
    turns = {(one["attribute"], one["provider"]): one["turn"] for one in whole["steps"]}
    assert turns["city", "marketing"] == "skipped"
    assert turns["city", "ipgeolocation"] == "first"
    assert [one["attribute"] for one in part["steps"]] == ["country"]
    assert part["settled"] == {"ip": "no provider gives it"}
    assert not Lookup.objects.exists()


def test_a_plan_for_an_attribute_nobody_defined(program: Program, ada: User) -> None:
    assert program.get(path(ada), want="citty").problem[:2] == (422, "unknown_attribute")


def test_nobody_is_asked_about_a_user_who_was_anonymised(
    program: Program, provider: Configure, waterfall: Pour, ada: User
) -> None:
    provider("ipgeolocation", api_key="k")
    waterfall("city", "ipgeolocation")
    User.objects.update(anonymized_at=timezone.now())

    assert program.post(path(ada)).problem[:2] == (409, "user_anonymized")
    assert not Lookup.objects.exists()


def test_a_user_deleted_while_a_vendor_is_asked_leaves_nothing_behind(
    program: Program, provider: Configure, waterfall: Pour, ada: User
) -> None:
    provider("ipgeolocation", api_key="slow-600")
    waterfall("city", "ipgeolocation")

    def delete() -> None:
        time.sleep(0.2)
        User.objects.all().delete()
        connection.close()

    other = threading.Thread(target=delete)
    other.start()
    answer = program.post(path(ada))
    other.join()

    assert answer.status == 200
    assert answer.body["custom_attributes"] == {}
    assert not Run.objects.exists()
