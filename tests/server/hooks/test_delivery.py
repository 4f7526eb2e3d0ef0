"""Events reach their hooks: at least once, with one id, however often it takes."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from tests.server.hooks.conftest import Endpoint, delivering, happen, until

from burnish.events.event import event_id
from burnish.hooks import signature
from burnish_server.hooks import deliveries, signing
from burnish_server.hooks.models import Delivery, Event, Hook, Run
from burnish_server.profiles.models import CustomAttribute

pytestmark = pytest.mark.django_db(transaction=True)

Configure = Callable[..., Hook]


@pytest.fixture
def told(hook: Configure, endpoint: Endpoint) -> Configure:
    """Have an endpoint told of events: `told("crm", "/crm")`."""

    def configure(name: str, path: str = "/in", **options: object) -> Hook:
        options = {"events": ["*"], "kind": "webhook", "url": endpoint.url(path), **options}
        return hook(name, "", **options)

    return configure


def overdue() -> None:
    """Let what waits for its next attempt be due now."""
    Delivery.objects.filter(state="pending").update(due_at=timezone.now())


def states() -> dict[str, int]:
    found = Delivery.objects.values_list("state", flat=True)
    return {state: list(found).count(state) for state in set(found)}


def test_an_event_reaches_every_hook_that_wants_it(told: Configure, endpoint: Endpoint) -> None:
    told("all", "/all")
    told("some", "/some", events=["user.disabled", "user.reenabled"])
    told("other", "/other", events=["user.created"])
    told("off", "/off", enabled=False)
    told("none", "/none", events=[])
    told("app", "/app", only_clients=["app"])

    seq = happen()
    with delivering():
        until(lambda: states() == {"delivered": 2})

    assert sorted(path for path, _, _ in endpoint.seen) == ["/all", "/some"]
    _, event, headers = endpoint.seen[0]
    assert event["id"] == event_id(seq)
    assert list(event) == ["context", "id", "payload", "seq", "type"]
    assert headers["webhook-id"] == event["id"]
    assert headers["x-authgear-body-signature"]
    assert {run.outcome for run in Run.objects.all()} == {"delivered"}


def test_a_delivery_is_signed_with_every_live_key(told: Configure, endpoint: Endpoint) -> None:
    told("all")
    signing.ensure()
    signing.add()

    happen()
    with delivering():
        until(lambda: states() == {"delivered": 1})

    assert len(endpoint.seen[0][2]["webhook-signature"].split()) == 2
    assert len(signing.reveal()) == 2
    assert signature.as_standard(signing.reveal()[0]).startswith("whsec_")


def test_an_event_of_an_operation_that_was_undone_is_never_told(
    told: Configure, endpoint: Endpoint
) -> None:
    told("all")

    with transaction.atomic():
        happen()
        transaction.set_rollback(True)

    assert (Event.objects.count(), Delivery.objects.count()) == (0, 0)


def test_a_failed_delivery_is_made_again_with_the_same_id(
    told: Configure, endpoint: Endpoint
) -> None:
    told("crm")
    endpoint.behave = lambda _: (500 if len(endpoint.seen) < 3 else 200, {}, 0.0)

    happen()
    with delivering():
        for attempt in (1, 2):
            until(lambda attempt=attempt: Run.objects.count() == attempt)  # type: ignore[misc]
            waiting = Delivery.objects.get()
            assert (waiting.state, waiting.attempts) == ("pending", attempt)
            assert waiting.due_at > timezone.now() + timedelta(seconds=1)
            assert (waiting.error_code, waiting.status) == ("HookInvalidResponse", 500)
            overdue()
        until(lambda: states() == {"delivered": 1})

    assert len(set(endpoint.ids())) == 1
    assert len(endpoint.ids()) == 3
    assert sorted(run.outcome for run in Run.objects.all()) == ["delivered", "failed", "failed"]


def test_an_endpoint_that_asks_to_be_left_alone_is(told: Configure, endpoint: Endpoint) -> None:
    told("crm")
    endpoint.behave = lambda _: (503, {"Retry-After": "3600"}, 0.0)

    happen()
    with delivering():
        until(lambda: Run.objects.count() == 1)

    assert Delivery.objects.get().due_at > timezone.now() + timedelta(minutes=59)


def test_what_is_too_old_is_given_up_with_its_reason_and_can_be_made_again(
    told: Configure, endpoint: Endpoint
) -> None:
    told("crm")
    endpoint.behave = lambda _: (500, {}, 0.0)
    happen()
    long_ago = timezone.now() - timedelta(hours=73)
    Delivery.objects.update(created_at=long_ago, due_at=long_ago)
    Event.objects.update(created_at=long_ago)

    with delivering():
        until(lambda: states() == {"dead": 1})
        dead = Delivery.objects.get()
        assert (dead.error_code, dead.status) == ("HookInvalidResponse", 500)
        assert "is_allowed" in dead.reply
        endpoint.behave = lambda _: (200, {}, 0.0)

        assert deliveries.replay(Delivery.objects.filter(state="dead")) == 1
        until(lambda: states() == {"delivered": 1})

    assert len(set(endpoint.ids())) == 1


def test_what_an_endpoint_repeats_of_sensitive_attributes_is_not_kept(
    told: Configure, endpoint: Endpoint
) -> None:
    CustomAttribute.objects.create(pointer="/salary", type="string", sensitive=True)
    told("crm")
    endpoint.behave = lambda _: (410, {}, 0.0)
    endpoint.reply = {"gone": "for somebody who earns 90000"}

    happen(salary="90000")
    with delivering():
        until(lambda: states() == {"dead": 1})

    assert endpoint.seen[0][1]["payload"]["user"]["custom_attributes"] == {"salary": "90000"}
    assert Delivery.objects.get().reply == '{"gone": "for somebody who earns •••"}'


def test_an_endpoint_that_is_gone_is_given_up_at_once(told: Configure, endpoint: Endpoint) -> None:
    told("crm")
    endpoint.behave = lambda _: (410, {}, 0.0)

    happen()
    with delivering():
        until(lambda: states() == {"dead": 1})


def test_a_slow_endpoint_delays_no_other(told: Configure, endpoint: Endpoint) -> None:
    told("slow", "/slow")
    told("fast", "/fast")
    endpoint.behave = lambda path: (200, {}, 3.0 if path == "/slow" else 0.0)

    for _ in range(30):
        happen()
    with delivering():
        until(lambda: len(endpoint.ids("/fast")) == 30, 2.9)
        assert len(endpoint.ids("/slow")) == 10
        Delivery.objects.filter(hook__name="slow").delete()


def test_what_a_vanished_worker_had_in_hand_is_taken_over(
    told: Configure, endpoint: Endpoint
) -> None:
    told("crm")
    happen()
    happen()
    assert len(deliveries.claim(uuid4(), {}, 10, timedelta(seconds=1))) == 2
    assert deliveries.claim(uuid4(), {}, 10, timedelta(seconds=1)) == []

    with delivering():
        until(lambda: states() == {"delivered": 2})


def test_a_disabled_hook_s_deliveries_wait_for_it(told: Configure, endpoint: Endpoint) -> None:
    told("crm")
    happen()
    Hook.objects.update(enabled=False)

    with delivering():
        happen()
        Hook.objects.update(enabled=True)
        until(lambda: states() == {"delivered": 1})


def test_a_script_and_its_answer_that_nobody_reads(hook: Configure) -> None:
    script = "export default (e) => { console.log('told of', e.type); return 7; };"
    hook("greet", script, events=["user.reenabled"])

    happen()
    with delivering():
        until(lambda: states() == {"delivered": 1})

    assert Run.objects.get().console == "told of user.reenabled\n"


def test_a_script_that_throws_is_tried_again(hook: Configure) -> None:
    hook("greet", "export default () => { throw new Error('no'); };", events=["*"])

    happen()
    with delivering():
        until(lambda: Run.objects.count() == 1)

    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.error_code) == ("pending", "DenoRunError")


def test_each_event_arrives_once_with_two_workers(told: Configure, endpoint: Endpoint) -> None:
    told("crm")
    for _ in range(60):
        happen()

    with delivering(), delivering():
        until(lambda: states() == {"delivered": 60})

    assert len(endpoint.ids()) == len(set(endpoint.ids())) == 60


def test_two_keys_live_at_a_time_and_one_always() -> None:
    signing.ensure()
    signing.ensure()
    first = signing.reveal()

    with pytest.raises(signing.Unfit, match="only one live key"):
        signing.retire()
    signing.add("a-secret-receivers-have")
    with pytest.raises(signing.Unfit, match="two live keys already"):
        signing.add()
    signing.retire()

    assert len(first) == 1
    assert signing.reveal() == ["a-secret-receivers-have"]
