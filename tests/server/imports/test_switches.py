"""Hooks and providers have to do with an import where they are asked for, and else not at all."""

from collections.abc import Callable

import pytest
from tests.server.imports.conftest import ACTOR, lines, outcomes
from tests.server.imports.conftest import finish as work_off

from burnish_server.hooks.models import Event, Hook
from burnish_server.hooks.models import Run as Call
from burnish_server.identity.models import User
from burnish_server.imports import store
from burnish_server.imports.models import Run
from burnish_server.imports.store import Wish
from burnish_server.profiles import store as profiles
from burnish_server.profiles.models import CustomAttribute

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


def finish(records: list[dict[str, str]], **wish: bool) -> Run:
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
