"""`ctx.enrich`: a script asks a provider by its name, through whoever may ask for it."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from burnish.hooks.context import HookContext
from burnish.hooks.runtime import Script, ScriptRuntime

EVENT = {"context": {"user_id": "5c0f2c0a", "triggered_by": "user"}}
FOUND = {"outcome": "found", "values": {"city": "Lyon"}, "confidence": 0.8, "reason": ""}


class Desk:
    """Answers as it was told, and remembers what it was asked."""

    def __init__(self, reply: Any = None, seconds: float = 0.0) -> None:
        self.reply = reply or FOUND
        self.seconds = seconds
        self.asked: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = []
        self.given_up = 0

    async def ask(
        self, provider: str, inputs: Mapping[str, Any], about: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        self.asked.append((provider, inputs, about))
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply


async def call(runtime: ScriptRuntime, body: str, desk: Desk | None, timeout: float = 5) -> Any:
    script = Script("enrich.ts", f"export default async (e, ctx) => {{ {body} }};")
    context = HookContext({"KEY": "k"}, enrich=desk) if desk else None
    return await runtime.call(script, EVENT, context, timeout=timeout)


async def test_a_script_asks_with_inputs_and_gets_what_came_of_it(runtime: ScriptRuntime) -> None:
    desk = Desk()

    run = await call(
        runtime, "return await ctx.enrich('geo', {ip: '203.0.113.9', x: undefined});", desk
    )

    assert run.output == FOUND
    assert desk.asked == [("geo", {"ip": "203.0.113.9"}, EVENT["context"])]


async def test_where_there_is_nobody_to_ask_it_says_so(runtime: ScriptRuntime) -> None:
    run = await call(runtime, "return await ctx.enrich('geo', {});", None)

    assert run.output == {"outcome": "skipped", "values": {}, "confidence": 0, "reason": "disabled"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("", "asked by its name"),
        ("7, {}", "asked by its name"),
        ("'g'.repeat(41), {}", "asked by its name"),
        ("'geo'", "asked with an object"),
        ("'geo', 'ip'", "asked with an object"),
        ("'geo', ['ip']", "asked with an object"),
        ("'geo', {bio: 'x'.repeat(70_000)}", "at most 64 KiB"),
        ("'geo', {n: 7n}", "BigInt"),
    ],
)
async def test_what_is_no_question_is_refused_and_nobody_asked(
    runtime: ScriptRuntime, arguments: str, words: str
) -> None:
    desk = Desk()

    run = await call(runtime, f"await ctx.enrich({arguments});", desk)

    assert words in run.fault.message
    assert desk.asked == []


@pytest.mark.parametrize("reply", [RuntimeError("secret words"), {"values": object()}])
async def test_trouble_with_asking_is_an_answer_and_no_exception(
    runtime: ScriptRuntime, reply: Any
) -> None:
    run = await call(runtime, "return await ctx.enrich('geo', {});", Desk(reply))

    assert (run.fault, run.output["outcome"], run.output["reason"]) == (None, "failed", "broken")
    assert "secret words" not in str(run.output)


async def test_it_is_waited_for_no_longer_than_the_hook_may_take(runtime: ScriptRuntime) -> None:
    desk = Desk(seconds=30)

    run = await call(runtime, "return await ctx.enrich('geo', {});", desk, timeout=0.3)

    assert run.fault.code == "timeout"
    assert run.ms < 1000
    await asyncio.sleep(0.05)
    assert desk.given_up == 1


async def test_a_flood_of_questions_is_held(runtime: ScriptRuntime) -> None:
    desk = Desk(seconds=0.2)
    body = """
        const asked = Array.from({length: 1000}, (_, n) => ctx.enrich("geo", {n}));
        const told = await Promise.allSettled(asked);
        return told.filter((one) => one.status === "rejected").length;
    """

    run = await call(runtime, body, desk)

    assert run.output == 1000 - 64
    assert len(desk.asked) == 64


async def test_it_cannot_be_changed(runtime: ScriptRuntime) -> None:
    run = await call(runtime, "ctx.enrich = () => 1; return 1;", Desk())

    assert run.fault is not None
