"""`ctx`: secrets, a log, a cache; and the network calls a script made."""

from typing import Any

import pytest
from tests.library.hooks.vendor import Server

from burnish.hooks.context import HookContext
from burnish.hooks.runtime import Script, ScriptRuntime


class Memory:
    """A cache in memory."""

    def __init__(self) -> None:
        self.values: dict[str, tuple[Any, float]] = {}

    async def get(self, key: str) -> Any:
        return self.values[key][0] if key in self.values else None

    async def set(self, key: str, value: Any, ttl: float) -> None:
        self.values[key] = value, ttl


async def call(
    runtime: ScriptRuntime, body: str, context: HookContext | None = None, **options: Any
) -> Any:
    script = Script("ctx.ts", f"export default async (e, ctx) => {{ {body} }};", **options)
    return await runtime.call(script, {}, context, timeout=5)


async def test_a_secret_is_there_by_its_name_and_in_no_output(runtime: ScriptRuntime) -> None:
    context = HookContext({"API_KEY": "k3y-of-the-vendor"})

    run = await call(runtime, "console.log('key', ctx.secrets.API_KEY); return 1;", context)
    told = await call(runtime, "throw new Error('bad ' + ctx.secrets.API_KEY);", context)

    assert run.console == "key •••\n"
    assert told.fault.message == "Error: bad •••"
    assert "k3y" not in repr(context)


async def test_a_new_value_of_a_secret_holds_at_the_next_call(runtime: ScriptRuntime) -> None:
    for value in ("old-value", "new-value"):
        context = HookContext({"API_KEY": value})
        run = await call(runtime, "return ctx.secrets.API_KEY;", context)
        assert run.output == value


@pytest.mark.parametrize("body", ["ctx.secrets.API_KEY = 'x'", "ctx.secrets = {}", "ctx.x = 1"])
async def test_ctx_cannot_be_changed(runtime: ScriptRuntime, body: str) -> None:
    run = await call(runtime, f"{body}; return 1;", HookContext({"API_KEY": "k"}))

    assert run.fault is not None


async def test_a_secret_that_is_not_there_is_named(runtime: ScriptRuntime) -> None:
    run = await call(runtime, "return ctx.secrets.API_KEY;")

    assert "There is no secret API_KEY for this hook" in run.fault.message


async def test_the_log_is_the_console(runtime: ScriptRuntime) -> None:
    run = await call(runtime, "ctx.log('asked', { a: 1 }); console.log('then'); return 1;")

    assert run.console == "asked { a: 1 }\nthen\n"


async def test_what_is_put_into_the_cache_is_there_at_the_next_call(
    runtime: ScriptRuntime,
) -> None:
    memory = Memory()
    context = HookContext(cache=memory)

    first = await call(
        runtime,
        "const seen = await ctx.cache.get('n'); await ctx.cache.set('n', {a: [1]}, {ttl: 60});"
        "return seen === undefined;",
        context,
    )
    second = await call(runtime, "return await ctx.cache.get('n');", context)

    assert (first.output, second.output) == (True, {"a": [1]})
    assert memory.values == {"n": ({"a": [1]}, 60)}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("ctx.cache.set('n', 'x'.repeat(70_000))", "at most 64 KiB"),
        ("ctx.cache.set('n', undefined)", "Only what JSON can write"),
        ("ctx.cache.set('n'.repeat(201), 1)", "up to 200 characters"),
        ("ctx.cache.get(7)", "up to 200 characters"),
        ("ctx.cache.set('n', 1, { ttl: -1 })", "ttl is in seconds"),
    ],
)
async def test_the_cache_refuses(runtime: ScriptRuntime, body: str, words: str) -> None:
    run = await call(runtime, f"await {body};", HookContext(cache=Memory()))

    assert words in run.fault.message


async def test_network_calls_are_told_with_host_status_and_time(
    excepting: ScriptRuntime, server: Server
) -> None:
    run = await call(
        excepting,
        f"""
        await fetch("{server.origin}/echo?status=404");
        await fetch("http://10.0.0.1/").catch(() => null);
        await fetch("data:text/plain,hello");
        return 1;
        """,
    )

    assert [(one.host, one.status) for one in run.requests] == [
        (server.pair, 404),
        ("10.0.0.1", None),
    ]
    assert all(one.ms >= 0 for one in run.requests)
