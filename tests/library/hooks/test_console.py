"""What a script prints is kept with the call that printed it."""

import asyncio
from typing import Literal

import pytest

from burnish.hooks.runtime import Script, ScriptRuntime

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def console_of(runtime: ScriptRuntime, body: str) -> str:
    run = await runtime.call(
        Script("log.ts", f"export default async () => {{ {body} }};"), {}, timeout=5
    )
    assert run.fault is None, run.fault
    return run.console


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("console.log('a', 1, { b: [2] });", "a 1 { b: [ 2 ] }\n"),
        ("console.log('%s is %d', 'x', 4);", "x is 4\n"),
        ("console.error('bad'); console.warn('so so');", "bad\nso so\n"),
        ("console.group('g'); console.log('in'); console.groupEnd(); console.log('out')",
         "g\n  in\nout\n"),
        ("console.assert(1 > 2, 'sum');", "Assertion failed: sum\n"),
        ("Deno.stdout.writeSync(new TextEncoder().encode('raw\\n'));", "raw\n"),
        ("await Deno.stderr.write(new TextEncoder().encode('err\\n'));", "err\n"),
    ],
)  # fmt: skip
async def test_the_console_is_kept(runtime: ScriptRuntime, body: str, printed: str) -> None:
    assert await console_of(runtime, body) == printed


async def test_each_call_has_a_console_of_its_own(runtime: ScriptRuntime) -> None:
    source = """
        export default async (e) => {
          console.log("begin", e.n);
          await new Promise((done) => setTimeout(done, 5 * (e.n % 7)));
          console.log("end", e.n);
        };
    """
    script = Script("own.ts", source)

    runs = await asyncio.gather(*(runtime.call(script, {"n": n}, timeout=5) for n in range(30)))

    assert [run.console for run in runs] == [f"begin {n}\nend {n}\n" for n in range(30)]


@pytest.mark.parametrize(
    "flood",
    [
        "console.log('x'.repeat(50e6));",
        "for (let i = 0; i < 1e6; i++) console.log('x'.repeat(50));",
        "Deno.stdout.writeSync(new Uint8Array(50e6).fill(120));",
    ],
)
async def test_50_mb_of_output_are_cut_at_64_kib_and_marked(
    runtime: ScriptRuntime, waiting: Script, flood: str
) -> None:
    neighbour = asyncio.create_task(runtime.call(waiting, {"wait": 100}, timeout=5))
    script = Script("flood.ts", f"export default () => {{ {flood} return 'after'; }};")

    run = await runtime.call(script, {}, timeout=5)

    assert (run.output, run.fault) == ("after", None)
    assert run.truncated
    assert 64 * 1024 - 60 <= len(run.console) <= 64 * 1024
    assert (await neighbour).output == "waited"


async def test_characters_of_many_bytes_are_cut_whole(runtime: ScriptRuntime) -> None:
    script = Script("wide.ts", "export default () => console.log('\u20ac'.repeat(1e5));")

    run = await runtime.call(script, {}, timeout=5)

    assert set(run.console) == {"\u20ac"}
    assert len(run.console.encode()) <= 64 * 1024
    assert run.truncated


async def test_what_was_printed_before_a_time_out_or_a_crash_is_kept(
    runtime: ScriptRuntime,
) -> None:
    endings = {
        "promise": "return new Promise(() => {});",
        "loop": "await new Promise((done) => setTimeout(done, 20)); while (true);",
        "memory": "const k = []; while (true) k.push(new Array(1e6).fill('x'));",
        "throw": "throw new Error();",
    }
    for ending in endings.values():
        source = f"export default async () => {{ console.log('here'); {ending} }};"

        run = await runtime.call(Script("last.ts", source), {}, timeout=2)

        assert run.fault is not None
        assert run.console == "here\n"


@pytest.mark.parametrize("isolation", ["reuse", "fresh"])
@pytest.mark.parametrize(
    "breaks",
    [
        "globalThis.onerror = () => { throw new Error('again'); };",
        "addEventListener('error', () => { throw new Error('again'); });",
        "addEventListener('unhandledrejection', () => { throw new Error('again'); });",
    ],
)
async def test_what_was_printed_before_an_event_nobody_catches_is_kept(
    runtime: ScriptRuntime, breaks: str, isolation: Literal["reuse", "fresh"]
) -> None:
    source = (
        f"{breaks}\nexport default () => {{ console.log('here');\n"
        "  setTimeout(() => { Promise.reject(new Error('x')); throw new Error('x'); });\n"
        "  return new Promise(() => {}); };"
    )

    run = await runtime.call(Script("stray.ts", source, isolation), {"id": "1"}, timeout=5)

    assert run.console == "here\n"
    assert run.fault
    assert (run.fault.code, run.fault.message) == ("threw", "Error: x")
