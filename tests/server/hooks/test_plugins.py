"""Plugins: Python functions at the three points."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.server.hooks.conftest import delivering, happen, until

import burnish
from burnish.hooks import plugin
from burnish_server.hooks import plugins
from burnish_server.hooks.models import Cached, Delivery, Event, Hook, Run
from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db(transaction=True)

ADA = {"email": "ada@nordlake.example", "password1": "correct horse battery"}


@pytest.fixture(autouse=True)
def _none_stay(transactional_db: None) -> Iterator[None]:
    """Forget the plugins a test registered."""
    before = plugin.registered()
    yield
    for name in plugin.registered().keys() - before.keys():
        plugin._registered.pop(name)


def test_before_nothing_exists_and_no_transaction_is_open(client: Client) -> None:
    seen: list[object] = []

    @burnish.hook("user.pre_create")
    def look(event: dict[str, Any], ctx: Any) -> dict[str, Any]:
        seen.append(User.objects.filter(pk=event["payload"]["user"]["id"]).exists())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) > 0 FROM pg_stat_activity"
                " WHERE datname = current_database() AND state LIKE 'idle in trans%'"
            )
            seen.append(cursor.fetchone()[0])
        ctx.log("looked", "around")
        return {"is_allowed": False, "title": "Not", "reason": "today"}

    plugins.sync()
    page = client.post("/signup/", ADA)

    assert "today" in page.content.decode()
    assert seen == [False, False]
    run = Run.objects.get()
    assert (run.outcome, run.console) == ("denied", "looked around\n")


def test_in_the_transaction_the_row_is_there_and_raising_undoes_it(client: Client) -> None:
    inside: list[object] = []

    @burnish.hook("user.created", in_transaction=True)
    def ledger(event: dict[str, Any], ctx: Any) -> None:
        inside.append(connection.in_atomic_block)
        inside.append(User.objects.filter(pk=event["payload"]["user"]["id"]).exists())
        if len(inside) < 3:
            raise RuntimeError("the ledger is closed")

    plugins.sync()
    client.raise_request_exception = False

    assert client.post("/signup/", ADA).status_code == 500
    assert not User.objects.exists()
    assert not Event.objects.exists()

    assert client.post("/signup/", ADA).status_code == 302
    assert User.objects.count() == 1
    assert inside == [True, True, True, True]
    assert not Delivery.objects.exists()
    assert Run.objects.get().outcome == "delivered"


def test_after_commit_the_row_is_certainly_readable(client: Client) -> None:
    found: list[bool] = []

    @burnish.hook("user.created")
    def greet(event: dict[str, Any], ctx: Any) -> None:
        found.append(User.objects.filter(pk=event["payload"]["user"]["id"]).exists())

    plugins.sync()
    client.post("/signup/", ADA)
    with delivering():
        until(lambda: Delivery.objects.filter(state="delivered").exists())

    assert found == [True]


def test_an_async_plugin_and_its_cache() -> None:
    counts: list[int] = []

    @burnish.hook("*")
    async def count(event: dict[str, Any], ctx: Any) -> None:
        before = await ctx.cache.get("count") or 0
        await ctx.cache.set("count", before + 1, 60)
        counts.append(before)

    plugins.sync()
    for turn in (1, 2):
        happen()
        with delivering():
            until(lambda turn=turn: len(counts) == turn)  # type: ignore[misc]

    assert counts == [0, 1]


def test_what_a_plugin_keeps_is_known_to_be_of_the_user_it_was_called_for(client: Client) -> None:
    @burnish.hook("user.pre_create")
    def waits(event: dict[str, Any], ctx: Any) -> dict[str, bool]:
        ctx.cache.set("waits", event["payload"]["user"]["id"], 60)
        return {"is_allowed": True}

    @burnish.hook("user.pre_create")
    async def awaits(event: dict[str, Any], ctx: Any) -> dict[str, bool]:
        await ctx.cache.set("awaits", event["payload"]["user"]["id"], 60)
        return {"is_allowed": True}

    plugins.sync()
    client.post("/signup/", ADA)

    kept = list(Cached.objects.order_by("key").values_list("key", "user_id"))
    assert [key for key, _ in kept] == ["awaits", "waits"]
    assert {user_id for _, user_id in kept} == {User.objects.get().pk}


def test_a_plugin_that_raises_is_told_with_its_line(client: Client) -> None:
    @burnish.hook("user.pre_create")
    def broken(event: dict[str, Any], ctx: Any) -> None:
        raise KeyError("shoe_size")

    plugins.sync()
    page = client.post("/signup/", ADA)

    assert "could not be checked" in page.content.decode()
    run = Run.objects.get()
    assert (run.outcome, run.error_code) == ("failed", "PluginError")
    assert "KeyError: 'shoe_size'" in run.error_message
    assert run.error_line


def test_a_plugin_that_is_gone_does_not_leave_its_event_unguarded(
    client: Client, hook: Callable[..., Hook]
) -> None:
    hook("guard", "", kind="plugin")

    page = client.post("/signup/", ADA)

    assert "could not be checked" in page.content.decode()
    assert "is not installed here" in Run.objects.get().error_message


def test_an_administrator_s_settings_of_a_plugin_stay(hook: Callable[..., Hook]) -> None:
    @burnish.hook("user.pre_create", name="guard", on_error="allow", timeout_ms=500)
    def guard(event: dict[str, Any], ctx: Any) -> None: ...

    plugins.sync()
    row = Hook.objects.get()
    assert (row.kind, row.events, row.on_error) == ("plugin", ["user.pre_create"], "allow")
    Hook.objects.update(on_error="deny", enabled=False)

    plugins.sync()

    row = Hook.objects.get()
    assert (row.on_error, row.enabled, row.timeout_ms) == ("deny", False, 500)


@pytest.mark.parametrize(
    ("events", "options", "words"),
    [
        ((), {}, "Name one blocking event"),
        (("user.pre_create", "user.created"), {}, "Name one blocking event"),
        (("user.creatd",), {}, "no event user.creatd"),
        (("user.pre_create",), {"in_transaction": True}, "before any transaction"),
    ],
)
def test_events_that_do_not_go_together_are_refused_where_they_are_written(
    events: tuple[str, ...], options: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        burnish.hook(*events, **options)(lambda event, ctx: None)
