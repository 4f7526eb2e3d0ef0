"""Hooks and providers have to do with an import where they are asked for, and else not at all."""

from collections.abc import Callable
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.server.enrichment.conftest import provider, rewritten, stand_ins, waterfall
from tests.server.imports.conftest import ACTOR, lines, outcomes
from tests.server.imports.conftest import finish as work_off

from burnish.attributes.custom import CustomAttribute as Definition
from burnish_server.enrichment.models import Provider
from burnish_server.hooks.models import Event, Hook
from burnish_server.hooks.models import Run as Call
from burnish_server.identity.models import User
from burnish_server.imports import store, tasks
from burnish_server.imports.models import Run
from burnish_server.imports.store import Wish
from burnish_server.profiles import store as profiles
from burnish_server.profiles.models import CustomAttribute

__all__ = ["provider", "rewritten", "stand_ins", "waterfall"]

Configure = Callable[..., Provider]
Pour = Callable[..., Definition]

pytestmark = pytest.mark.django_db(transaction=True)

ADA = {"email": "ada@people.example"}

CHOOSY = """
export default async function (e: EventUserPreCreate): Promise<EventUserPreCreateHookResponse> {
  if (e.payload.user.standard_attributes.email?.endsWith("@rival.example")) {
    return { is_allowed: false, title: "No", reason: "Not from there" };
  }
  return { is_allowed: true, mutations: { user: { custom_attributes: { city: "Lyon" } } } };
}
"""


def finish(records: list[dict[str, Any]], **wish: bool) -> Run:
    run = store.take("ndjson", [lines(records)], Wish(**wish), ACTOR, work=False)
    return work_off(run)


@pytest.fixture
def choosy(hook: Callable[..., Hook], attribute: Callable[..., CustomAttribute]) -> None:
    attribute("city", id="c1")
    hook("choosy", CHOOSY)


def test_hooks_are_not_asked_unless_they_are_to_be(choosy: None) -> None:
    finish([ADA])

    assert User.objects.exists()
    assert not Call.objects.exists()
    assert not Event.objects.exists()


def test_hooks_refuse_a_row_and_write_into_others_where_they_are_asked(choosy: None) -> None:
    run = finish([ADA, {"email": "eve@rival.example"}], hooks=True)

    new, refused = outcomes(run)
    assert (new.outcome, refused.outcome) == ("inserted", "failed")
    assert refused.errors == [{"reason": "HookDisallowed", "message": "No Not from there"}]
    user = User.objects.get()
    profile = profiles.of(user.pk)
    assert profile.custom == {"c1": "Lyon"}
    assert list(profile.facts["custom"]["c1"]) == ["hook:choosy"]
    told = Event.objects.get(type="user.created")
    assert told.user_id == user.pk
    assert told.payload["user"]["custom_attributes"] == {"city": "Lyon"}
    assert told.context["triggered_by"] == "admin_api"


def test_a_trial_run_asks_no_hook(choosy: None) -> None:
    finish([ADA], hooks=True, dry_run=True)

    assert not Call.objects.exists()


def jobs() -> list[ProcrastinateJob]:
    """Return the jobs that fill in the users there are."""
    users = [str(pk) for pk in User.objects.values_list("pk", flat=True)]
    task = "burnish_server.imports.tasks.enrich"
    return list(ProcrastinateJob.objects.filter(task_name=task, args={"users": users}))


def test_new_users_are_filled_in_afterwards_where_they_are_to_be(
    provider: Configure, waterfall: Pour
) -> None:
    ip = waterfall("ip")
    provider("ipgeolocation", api_key="k")
    city = waterfall("city", "ipgeolocation")
    record = {**ADA, "custom_attributes": {"ip": "203.0.113.40"}}

    run = finish([record], enrich=True)
    [job] = jobs()
    tasks.enrich(**job.args)

    profile = profiles.of(User.objects.get().pk)
    assert list(profile.facts["custom"][ip.id]) == [f"import:{run.pk}"]
    assert list(profile.facts["custom"][city.id]) == ["provider:ipgeolocation"]


def test_no_provider_is_asked_unless_it_is_to_be(provider: Configure, waterfall: Pour) -> None:
    waterfall("city", "ipgeolocation")

    finish([ADA])

    assert jobs() == []
