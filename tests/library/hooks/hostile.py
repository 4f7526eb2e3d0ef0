"""Eight hooks at work at once, one of them hostile in one way after the other."""

import asyncio
import statistics
import time
from dataclasses import dataclass, field

from burnish.hooks.runtime import Script, ScriptRun, ScriptRuntime
from burnish.outbound import Outbound

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


@dataclass
class Told:
    """How the seven did beside the eighth: times in ms, and what was no good answer."""

    took: list[float] = field(default_factory=list)
    failed: list[ScriptRun] = field(default_factory=list)
    attacks: list[str] = field(default_factory=list)

    def percentile(self, percent: int) -> float:
        """Return the time within which so many of a hundred calls were answered."""
        return statistics.quantiles(self.took, n=100)[percent - 1]


async def beside_attacks(seconds: float) -> Told:
    """Call seven hooks for so long while the eighth does its worst."""
    runtime = ScriptRuntime(Outbound(), memory_mb=64)
    await runtime.start()
    good = [
        Script(f"good-{n}.ts", f"export default (e) => ({{ is_allowed: e.n + {n} }});")
        for n in range(7)
    ]
    for script in good:
        await runtime.call(script, {"n": 0}, timeout=10)
    ends_at = time.monotonic() + seconds
    told = Told()

    async def work(n: int) -> None:
        count = 0
        while time.monotonic() < ends_at:
            count += 1
            run = await runtime.call(good[n], {"n": count}, timeout=5)
            told.took.append(run.ms)
            if run.output != {"is_allowed": count + n}:
                told.failed.append(run)
            await asyncio.sleep(0.01)

    async def harm() -> None:
        while time.monotonic() < ends_at:
            for way, body in WAYS.items():
                if time.monotonic() >= ends_at:
                    break
                script = Script("hostile.ts", f"export default async (e) => {{ {body} }};")
                run = await runtime.call(script, {}, timeout=0.5)
                assert run.fault is not None, way
                told.attacks.append(way)

    await asyncio.gather(harm(), *(work(n) for n in range(7)))
    await runtime.close()
    return told
