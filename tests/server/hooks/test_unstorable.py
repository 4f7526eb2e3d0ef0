"""What cannot be kept of a hook's answer is an invalid answer, and `on_error` says what then.

What a hook prints or complains of is kept with U+FFFD in place of what cannot be.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.doors.api.conftest import Program, admin, key
from tests.library.hooks.test_webhooks import listening, saying
from tests.server.hooks.conftest import delivering, happen, until

import burnish
from burnish.hooks import plugin
from burnish.hooks.dispatch import Dispatcher
from burnish.hooks.hook import Hook as Called
from burnish.hooks.reply import Reply
from burnish_server import engine
from burnish_server.hooks import plugins, signing
from burnish_server.hooks.models import Delivery, Hook, Run, TimeLimits
from burnish_server.identity.models import User

__all__ = ["admin", "key"]

pytestmark = pytest.mark.django_db(transaction=True)

ADA = {"email": "ada@nordlake.example", "password1": "correct horse battery"}
HALF = "\ud83d"

CITY = '{"is_allowed":true,"mutations":{"user":{"custom_attributes_patch":{"city":%s}}}}'
REPLIES = {
    "half a pair": (CITY % '"\\ud83d"', "/mutations/user/custom_attributes_patch/city"),
    "a NUL": (CITY % '"\\u0000"', "/mutations/user/custom_attributes_patch/city"),
    "a number too large": (CITY % "1e400", "/mutations/user/custom_attributes_patch/city"),
    "a title": ('{"is_allowed":false,"title":"\\ud83d"}', "/title"),
    "an unknown name": ('{"is_allowed":true,"x\\ud83d":1}', "/x\ufffd"),
    "a list too deep": (CITY % ("[" * 60 + "]" * 60), "/mutations"),
}
SCRIPTS = {
    "answer": f"export default () => ({CITY % 'String.fromCharCode(0xd83d)'});",
    "answer a NUL": f"export default () => ({CITY % 'String.fromCharCode(0)'});",
    "refusal": "export default () => ({ is_allowed: false, reason: 'x\\ud83d' });",
    "error": "export default () => { throw new Error('\\u0000 and \\ud83d'); };",
    "console": "export default () => { console.log('\\u0000 and \\ud83d'); return 7; };",
}


@pytest.fixture
def webhook(
    hook: Callable[..., Hook], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Hook]]:
    """Configure a webhook whose endpoint answers with these bytes."""
    engine.close()
    outbound = settings.BURNISH.outbound.model_copy(update={"allow_private": "*"})
    changed = settings.BURNISH.model_copy(update={"outbound": outbound})
    monkeypatch.setattr(settings, "BURNISH", changed)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    stopped: list[Any] = []

    async def serve(body: bytes) -> int:
        server = listening(saying("200 OK", body))
        stopped.append(server)
        return await server.__aenter__()

    def put(body: str, **options: Any) -> Hook:
        port = asyncio.run_coroutine_threadsafe(serve(body.encode()), loop).result(5)
        signing.ensure()
        url = f"http://127.0.0.1:{port}/hook"
        return hook("vendor", kind="webhook", url=url, **options)

    yield put
    engine.close()
    for server in stopped:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


class Poisoned(Dispatcher):
    """Calls hooks; what the one named `bad` printed can be kept nowhere."""

    async def call(self, hook: Called, envelope: Mapping[str, Any], seconds: float) -> Reply:
        reply = await super().call(hook, envelope, seconds)
        return replace(reply, console="a\0b") if hook.name == "bad" else reply


def the_run() -> Run:
    """Return the only call there was, which JSON and UTF-8 can hold."""
    run = Run.objects.get()
    assert run.outcome == "failed"
    json.dumps([run.answer, run.error_message, run.console], ensure_ascii=False).encode()
    return run


@pytest.mark.parametrize("what", REPLIES)
def test_a_webhook_s_answer_at_the_page(
    what: str, webhook: Callable[..., Hook], attribute: Callable[..., object], client: Client
) -> None:
    attribute("city")
    body, place = REPLIES[what]
    webhook(body, on_error="allow")

    assert client.post("/signup/", ADA).status_code == 302

    assert User.objects.get().email == ADA["email"]
    run = the_run()
    assert run.error_code == "HookInvalidResponse"
    assert place in run.error_message


@pytest.mark.parametrize("what", SCRIPTS)
def test_a_script_at_the_admin_api(
    what: str, hook: Callable[..., Hook], attribute: Callable[..., object], admin: Program
) -> None:
    attribute("city")
    hook("geo", SCRIPTS[what], on_error="allow")

    answer = admin.post("/api/v1/users", {"email": ADA["email"]})

    assert answer.status == 201
    run = the_run()
    if what in ("error", "console"):
        assert "\ufffd and \ufffd" in run.error_message + run.console
    else:
        assert run.error_code == "HookInvalidResponse"


def test_a_script_at_the_headless_door_that_must_not_fail(
    hook: Callable[..., Hook], attribute: Callable[..., object], client: Client
) -> None:
    attribute("city")
    hook("geo", SCRIPTS["answer"], on_error="deny")

    answer = client.post(
        "/_allauth/app/v1/auth/signup",
        {"email": ADA["email"], "password": ADA["password1"]},
        content_type="application/json",
    )

    assert 400 <= answer.status_code < 500
    assert not User.objects.exists()
    assert the_run().error_code == "HookInvalidResponse"


def test_a_deferred_script_s_late_answer(
    hook: Callable[..., Hook], attribute: Callable[..., object], client: Client
) -> None:
    TimeLimits(deferred_seconds=0.1).save()
    attribute("city")
    wait = "await new Promise((done) => setTimeout(done, 400)); console.log('\\ud83d');"
    answer = CITY % "'\\ud83d'"
    hook("geo", f"export default async () => {{ {wait} return {answer}; }};", on_error="defer")

    assert client.post("/signup/", ADA).status_code == 302

    until(lambda: Run.objects.filter(outcome="failed").exists())
    run = Run.objects.get(outcome="failed")
    assert (run.error_code, run.console) == ("HookInvalidResponse", "\ufffd\n")
    assert Delivery.objects.get().attempts == 1


def test_a_script_that_is_told_of_an_event_is_called_once(hook: Callable[..., Hook]) -> None:
    script = "export default () => { console.log('a\\u0000b\\ud83d'); return '\\ud83d'; };"
    hook("crm", script, events=["user.reenabled"])

    happen()
    with delivering():
        until(lambda: Delivery.objects.get().state == "delivered")

    assert Run.objects.get().console == "a\ufffdb\ufffd\n"


def test_an_event_whose_record_cannot_be_written_is_told_again_and_others_are_written(
    hook: Callable[..., Hook],
) -> None:
    hook("good", "export default () => {};", events=["user.reenabled"])
    hook("bad", "export default () => {};", events=["user.reenabled"])
    happen()

    with delivering(Poisoned):
        until(lambda: Run.objects.count() == 2)

    runs = {run.hook_name: run for run in Run.objects.all()}
    assert runs["good"].outcome == "delivered"
    assert (runs["bad"].outcome, runs["bad"].error_code) == ("failed", "UnexpectedError")
    assert Delivery.objects.get(hook__name="bad").attempts == 1


@pytest.mark.parametrize("value", ["\0", HALF, float("inf"), float("nan"), object()])
def test_a_plugin_s_answer(value: object, attribute: Callable[..., object], client: Client) -> None:
    attribute("city")

    @burnish.hook("user.pre_create")
    def odd(event: dict[str, Any], ctx: Any) -> dict[str, Any]:
        ctx.log("a\0b", HALF)
        user = {"custom_attributes_patch": {"city": value}}
        return {"is_allowed": True, "mutations": {"user": user}}

    try:
        plugins.sync()
        Hook.objects.update(on_error="allow")
        assert client.post("/signup/", ADA).status_code == 302
    finally:
        plugin._registered.pop("odd")

    run = the_run()
    assert (run.error_code, run.console) == ("HookInvalidResponse", "a\ufffdb \ufffd\n")


def test_what_a_script_keeps_for_its_next_call(hook: Callable[..., Hook], client: Client) -> None:
    hook(
        "geo",
        "export default async (e, ctx) => {\n"
        "  try { await ctx.cache.set('k', ['\\ud83d'], 60); }\n"
        "  catch (e) { console.log(e.message); }\n"
        "  return { is_allowed: true };\n};",
    )

    assert client.post("/signup/", ADA).status_code == 302
    run = Run.objects.get()
    assert run.outcome == "allowed"
    assert "/k/0: must be valid Unicode" in run.console
