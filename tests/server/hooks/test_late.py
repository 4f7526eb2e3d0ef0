"""Deferred hooks: the operation goes on, and what they answer later becomes their fact."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.server.hooks.conftest import delivering, until

from burnish_server.hooks.models import Delivery, Hook, Run, TimeLimits
from burnish_server.identity.models import User
from burnish_server.profiles import store, view

pytestmark = pytest.mark.django_db(transaction=True)

ADA = {"email": "ada@nordlake.example", "password1": "correct horse battery"}
SLOW = """
export default async (e) => {
  await new Promise((done) => setTimeout(done, 700));
  return VERDICT;
};
"""
LYON = "{ is_allowed: true, mutations: { user: { custom_attributes: { city: 'Lyon' } } } }"


@pytest.fixture(autouse=True)
def _impatient(transactional_db: None) -> None:
    TimeLimits(deferred_seconds=0.1).save()


def values() -> dict[str, tuple[object, str]]:
    user = User.objects.get(email="ada@nordlake.example")
    rows = view.rows(store.of(user.pk), store.schema())
    return {row.name: (row.value, row.source) for row in rows}


def settled() -> bool:
    return Delivery.objects.filter(state="delivered").exists()


def test_a_slow_hook_does_not_hold_the_sign_up_and_its_answer_is_written_later(
    client: Client, attribute: Callable[..., object], hook: Callable[..., Hook]
) -> None:
    attribute("city")
    hook("geo", SLOW.replace("VERDICT", LYON), on_error="defer")

    response = client.post("/signup/", ADA)

    assert response.status_code == 302
    assert "city" not in values()
    until(settled)
    assert values()["city"] == ("Lyon", "hook:geo")
    assert [run.outcome for run in Run.objects.order_by("id")] == ["deferred", "allowed"]


def test_a_late_answer_takes_no_better_one_s_place(
    client: Client, attribute: Callable[..., object], hook: Callable[..., Hook]
) -> None:
    attribute("city")
    hook("geo", SLOW.replace("VERDICT", LYON), on_error="defer", position=1)
    hook("sure", f"export default () => ({LYON.replace('Lyon', 'Paris')});", position=2)

    client.post("/signup/", ADA)

    until(settled)
    assert values()["city"] == ("Paris", "hook:sure")


def test_a_late_refusal_changes_nothing_and_is_told_in_the_log(
    client: Client, hook: Callable[..., Hook]
) -> None:
    hook("strict", SLOW.replace("VERDICT", "{ is_allowed: false, title: 'No' }"), on_error="defer")

    client.post("/signup/", ADA)

    until(settled)
    assert User.objects.filter(email="ada@nordlake.example", is_active=True).exists()
    assert [run.outcome for run in Run.objects.order_by("id")] == ["deferred", "denied"]


def test_a_late_answer_the_schema_refuses_is_a_failure_and_is_asked_for_again(
    client: Client, attribute: Callable[..., object], hook: Callable[..., Hook]
) -> None:
    attribute("city", "integer")
    hook("geo", SLOW.replace("VERDICT", LYON), on_error="defer")

    client.post("/signup/", ADA)

    until(lambda: Run.objects.filter(outcome="failed").exists())
    assert "city" not in values()
    assert Delivery.objects.get().state == "pending"


def test_a_deferred_hook_that_failed_is_called_again_by_the_worker(
    client: Client, attribute: Callable[..., object], hook: Callable[..., Hook]
) -> None:
    attribute("city")
    failing = hook("geo", "export default () => { throw new Error('down'); };", on_error="defer")

    assert client.post("/signup/", ADA).status_code == 302
    failing.script = f"export default () => ({LYON});"
    failing.save()
    with delivering():
        until(settled)

    assert values()["city"] == ("Lyon", "hook:geo")
    assert Delivery.objects.get().attempts == 1


def test_what_a_vanished_process_waited_for_is_asked_for_by_a_worker(
    client: Client, attribute: Callable[..., object], hook: Callable[..., Hook]
) -> None:
    attribute("city")
    hook("geo", SLOW.replace("VERDICT", LYON).replace("700", "60000"), on_error="defer")

    client.post("/signup/", ADA)
    Hook.objects.update(script=f"export default () => ({LYON});")
    Delivery.objects.update(due_at="2026-01-01T00:00:00Z")
    with delivering():
        until(settled)

    assert values()["city"] == ("Lyon", "hook:geo")


def test_nothing_is_promised_where_the_operation_is_refused(
    client: Client, hook: Callable[..., Hook]
) -> None:
    hook("slow", SLOW.replace("VERDICT", LYON), on_error="defer", position=1)
    hook("strict", "export default () => ({ is_allowed: false });", position=2)

    client.post("/signup/", ADA)

    assert not Delivery.objects.exists()
