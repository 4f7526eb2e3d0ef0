"""Eight hooks at work at once, one of them hostile in one way after the other."""

import asyncio
import os
import statistics
import sys
import time

import pytest

from burnish.hooks.runtime import Script, ScriptRuntime
from burnish.outbound import Outbound

SECONDS = float(os.environ.get("HOSTILE_SECONDS", "8"))

WAYS = {
    "loops": "for (;;);",
    "fills its heap": "const a = []; for (;;) a.push(new Array(10_000).fill({}));",
    "fills memory with buffers": "const a = []; for (;;) a.push(new Uint8Array(16e6).fill(1));",
    "floods the console": "for (;;) console.log('x'.repeat(10_000));",
    "floods standard output": "for (;;) Deno.stdout.writeSync(new Uint8Array(65536).fill(65));",
    "exits": "Deno.exit(1);",
    "returns too much": "return 'x'.repeat(50_000_000);",
    "never answers": "return new Promise(() => {});",
    "rejects unheard": "Promise.reject(new Error('stray')); return new Promise(() => {});",
    "throws": "throw new Error('no');",
    "calls itself": "const f = () => f() + 1; return f();",
    "fetches without end": "for (;;) fetch('http://10.0.0.1/').catch(() => {});",
    "queues microtasks": "const f = () => Promise.resolve().then(f); await f();",
}


async def test_seven_hooks_answer_while_the_eighth_is_hostile(
    capsys: pytest.CaptureFixture[str],
) -> None:
    runtime = ScriptRuntime(Outbound(), memory_mb=64)
    await runtime.start()
    good = [
        Script(f"good-{n}.ts", f"export default (e) => ({{ is_allowed: e.n + {n} }});")
        for n in range(7)
    ]
    for script in good:
        await runtime.call(script, {"n": 0}, timeout=10)
    ends_at = time.monotonic() + SECONDS
    took: list[float] = []
    failed: list[object] = []

    async def work(n: int) -> None:
        count = 0
        while time.monotonic() < ends_at:
            count += 1
            run = await runtime.call(good[n], {"n": count}, timeout=5)
            took.append(run.ms)
            if run.output != {"is_allowed": count + n}:
                failed.append(run)
            await asyncio.sleep(0.01)

    async def harm() -> list[str]:
        done: list[str] = []
        while time.monotonic() < ends_at:
            for way, body in WAYS.items():
                if time.monotonic() >= ends_at:
                    break
                script = Script("hostile.ts", f"export default async (e) => {{ {body} }};")
                run = await runtime.call(script, {}, timeout=0.5)
                assert run.fault is not None, way
                done.append(way)
        return done

    done, *_ = await asyncio.gather(harm(), *(work(n) for n in range(7)))
    await runtime.close()

    assert failed == []
    assert len(done) >= len(WAYS) or SECONDS < 8
    cuts = statistics.quantiles(took, n=100)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(took)} answers beside {len(done)} attacks, "
            f"p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms\n"
        )
