"""`isolation`: calls share a warm isolate, or each has one of its own."""

import asyncio

from burnish.hooks.context import HookContext
from burnish.hooks.runtime import Script, ScriptRuntime

COUNTING = "let count = 0; export default () => ++count;"


async def test_calls_that_share_an_isolate_share_its_state(runtime: ScriptRuntime) -> None:
    script = Script("count.ts", COUNTING)

    assert [(await runtime.call(script, {}, timeout=5)).output for _ in range(3)] == [1, 2, 3]


async def test_a_fresh_isolate_remembers_nothing(runtime: ScriptRuntime) -> None:
    script = Script("count.ts", COUNTING, "fresh")

    assert [(await runtime.call(script, {}, timeout=5)).output for _ in range(8)] == [1] * 8


async def test_many_calls_at_once_each_get_an_isolate(runtime: ScriptRuntime) -> None:
    source = "let n = 0; export default async (e, ctx) => { ctx.log(e.i); return [++n, e.i]; };"
    script = Script("many.ts", source, "fresh")

    runs = await asyncio.gather(*(runtime.call(script, {"i": i}, timeout=20) for i in range(30)))

    assert [run.output for run in runs] == [[1, i] for i in range(30)]
    assert [run.console for run in runs] == [f"{i}\n" for i in range(30)]


async def test_a_fresh_isolate_that_hangs_takes_no_other_with_it(runtime: ScriptRuntime) -> None:
    source = "export default (e) => { if (e.hang) for (;;); return 1; };"
    script = Script("hang.ts", source, "fresh")

    hung, *fine = await asyncio.gather(
        runtime.call(script, {"hang": True}, timeout=1),
        *(runtime.call(script, {}, timeout=10) for _ in range(5)),
    )

    assert hung.fault is not None
    assert hung.fault.code == "timeout"
    assert [run.output for run in fine] == [1] * 5
    assert (await runtime.call(script, {}, timeout=5)).output == 1


async def test_a_fresh_isolate_has_its_own_secrets_and_faults(runtime: ScriptRuntime) -> None:
    script = Script("say.ts", "export default (e, ctx) => ctx.secrets.KEY;", "fresh")
    broken = Script("broken.ts", "export default (e) => {", "fresh")

    said = await runtime.call(script, {}, HookContext({"KEY": "value"}), timeout=5)
    unparsed = await runtime.call(broken, {}, timeout=5)

    assert said.output == "value"
    assert unparsed.fault is not None
    assert unparsed.fault.code == "syntax_error"
