"""Whatever a script does, its caller gets a fault, and every other script goes on."""

import asyncio
import time

import pytest

from burnish.hooks.runtime import Script, ScriptRuntime

pytestmark = pytest.mark.asyncio(loop_scope="session")

EVENT = {"id": "1", "wait": 0}

FAULTS = {
    "does not parse": (
        "export default async function (e) {\n  const x = ;\n}",
        ("syntax_error", "Expression expected", 2),
    ),
    "declares a name twice": (
        "let a = 1;\nlet a = 2;\nexport default () => a;",
        ("syntax_error", "already been declared", 2),
    ),
    "has no default export": ("export const a = 1;", ("no_default_export", "export default", None)),
    "is empty": ("", ("no_default_export", "export default", None)),
    "exports an object": ("export default { a: 1 };", ("not_a_function", "not a function", None)),
    "throws": (
        "interface A { a: string }\n\nexport default () => {\n  throw new TypeError('boo');\n};",
        ("threw", "TypeError: boo", 4),
    ),
    "throws a word": ("export default () => { throw 'boo'; };", ("threw", "threw boo", None)),
    "throws while it loads": (
        "\nthrow new Error('early');\nexport default () => 1;",
        ("threw", "Error: early", 2),
    ),
    "rejects": (
        "export default async () => {\n  await null;\n  await Promise.reject(new Error('no'));\n};",
        ("threw", "Error: no", 3),
    ),
    "throws where nobody waits": (
        "export default () => {\n  setTimeout(() => { throw new Error('late'); });\n"
        "  return new Promise(() => {});\n};",
        ("threw", "Error: late", 2),
    ),
    "rejects where nobody waits": (
        "export default () => {\n  Promise.reject(new Error('astray'));\n"
        "  return new Promise(() => {});\n};",
        ("threw", "Error: astray", 2),
    ),
    "returns what JSON has no word for": (
        "export default () => ({ n: 1n });",
        ("output_not_json", "BigInt", None),
    ),
    "returns a circle": (
        "export default () => { const a: any = {}; a.a = a; return a; };",
        ("output_not_json", "circular", None),
    ),
    "returns 2 MB": (
        "export default () => 'x'.repeat(2e6);",
        ("output_not_json", "longer than 1 MiB", None),
    ),
    "exits": ("export default () => {\n  Deno.exit(0);\n};", ("exited", "Deno.exit()", None)),
    "closes itself": ("export default () => { self.close(); };", ("exited", "close()", None)),
    "exits while it loads": ("Deno.exit(1);\nexport default () => 1;", ("exited", "", None)),
    "ends Node's way": (
        "import process from 'node:process';\nexport default () => process.exit(1);",
        ("exited", "", None),
    ),
    "recurses for ever": (
        "const f = (): number => 1 + f();\nexport default () => f();",
        ("threw", "Maximum call stack", 1),
    ),
    "loops for ever": ("export default () => { while (true); };", ("timeout", "0.3 s", None)),
    "loops while it loads": ("while (true);\nexport default () => 1;", ("timeout", "0.3 s", None)),
    "loops over promises": (
        "export default async () => { while (true) await null; };",
        ("timeout", "0.3 s", None),
    ),
    "never answers": ("export default () => new Promise(() => {});", ("timeout", "0.3 s", None)),
    "imports from elsewhere": (
        "\nimport x from 'https://esm.sh/lodash';\nexport default () => x;",
        ("threw", "can import only", 2),
    ),
    "imports from npm": (
        "import x from 'npm:lodash';\nexport default () => x;",
        ("threw", "can import only", 1),
    ),
    "imports a file": (
        "import x from 'file:///etc/passwd';\nexport default () => x;",
        ("threw", "can import only", 1),
    ),
    "imports a neighbour": (
        "import x from './other.ts';\nexport default () => x;",
        ("threw", "can import only", 1),
    ),
    "reads a file": (
        "export default () => Deno.readTextFileSync('/etc/passwd');",
        ("threw", "no read access", 1),
    ),
    "reads a file Node's way": (
        "import fs from 'node:fs';\nexport default () => fs.readFileSync('/etc/passwd', 'utf8');",
        ("threw", "no read access", 2),
    ),
    "writes a file": (
        "export default () => Deno.writeTextFileSync('/tmp/burnish-was-here', '');",
        ("threw", "no write access", 1),
    ),
    "reads the environment": (
        "export default () => Deno.env.get('HOME');",
        ("threw", "no env access", 1),
    ),
    "runs a program": (
        "export default () => new Deno.Command('/bin/ls').outputSync();",
        ("threw", "no run access", 1),
    ),
    "asks for the host's name": (
        "export default () => Deno.hostname();",
        ("threw", "no sys access", 1),
    ),
    "loads a library": (
        "export default () => Deno.dlopen('/lib/x.so', {});",
        ("threw", "no ffi access", 1),
    ),
    "keeps a cache on the disk": (
        "export default () => caches.open('mine');",
        ("threw", "undefined", 1),
    ),
    "listens": ("export default () => Deno.listen({ port: 0 });", ("threw", "no net access", 1)),
    "starts a worker": (
        "export default () => new Worker('data:,', { type: 'module' });",
        ("threw", "not a constructor", 1),
    ),
    "writes to the runtime's pipe": (
        "import fs from 'node:fs';\nexport default async () => {\n"
        '  fs.writeSync(1, \'x ["done", 1, "1"]\\n\');\n'
        "  await new Promise(() => {});\n};",
        ("exited", "", None),
    ),
    "reads the runtime's pipe": (
        "import fs from 'node:fs';\nexport default () => {\n"
        "  fs.readSync(0, new Uint8Array(10));\n  while (true);\n};",
        ("timeout", "", None),
    ),
}


@pytest.mark.parametrize("what", FAULTS)
async def test_a_bad_script_ends_with_its_fault_and_disturbs_no_other(
    runtime: ScriptRuntime, waiting: Script, what: str
) -> None:
    source, (code, message, line) = FAULTS[what]
    neighbour = asyncio.create_task(runtime.call(waiting, {"wait": 150}, timeout=5))

    limit = 0.3 if code == "timeout" else 5
    run = await runtime.call(Script("bad.ts", source), EVENT, timeout=limit)

    assert run.output is None
    assert run.fault is not None
    assert (run.fault.code, run.fault.line) == (code, line), run.fault
    assert message in run.fault.message
    assert "data:" not in run.fault.message
    assert (await neighbour).output == "waited"


@pytest.mark.parametrize("what", ["heap", "buffers", "WebAssembly"])
async def test_500_mb_end_the_script_that_wants_them_and_no_other(
    runtime: ScriptRuntime, waiting: Script, healthy: Script, what: str
) -> None:
    greedy = {
        "heap": "const k = []; for (let i = 0; i < 1e8; i++) k.push({ i }); return k.length;",
        "buffers": "const k = []; for (;;) k.push(new Uint8Array(1e7).fill(1));",
        "WebAssembly": "const m = new WebAssembly.Memory({ initial: 8000 });"
        "new Uint8Array(m.buffer).fill(1);",
    }
    script = Script("greedy.ts", f"export default () => {{ {greedy[what]} }};")
    neighbour = asyncio.create_task(runtime.call(waiting, {"wait": 500}, timeout=5))

    run = await runtime.call(script, EVENT, timeout=10)

    assert run.fault is not None
    assert run.fault.code == "out_of_memory" or "RangeError" in run.fault.message
    assert run.ms < 5000
    assert (await neighbour).output == "waited"
    assert (await runtime.call(healthy, EVENT, timeout=5)).fault is None


async def test_an_endless_promise_fails_alone_and_its_own_script_goes_on(
    runtime: ScriptRuntime,
) -> None:
    script = Script("mixed.ts", "export default (e) => e.hang ? new Promise(() => {}) : 'here';")
    hanging = asyncio.create_task(runtime.call(script, {"hang": True}, timeout=0.3))
    await asyncio.sleep(0.1)

    others = [await runtime.call(script, {"hang": False}, timeout=2) for _ in range(3)]

    assert [run.output for run in others] == ["here"] * 3
    fault = (await hanging).fault
    assert fault is not None
    assert fault.code == "timeout"


async def test_a_call_that_waited_behind_an_endless_loop_is_done_by_a_fresh_process(
    runtime: ScriptRuntime,
) -> None:
    script = Script("loop.ts", "export default (e) => { while (e.loop); return 'done'; };")
    assert (await runtime.call(script, {"loop": False}, timeout=2)).output == "done"
    looping = asyncio.create_task(runtime.call(script, {"loop": True}, timeout=0.3))
    await asyncio.sleep(0.05)

    behind = await runtime.call(script, {"loop": False}, timeout=5)

    assert behind.output == "done"
    assert (await looping).fault is not None


async def test_a_call_that_had_begun_is_not_repeated_when_its_process_dies(
    runtime: ScriptRuntime,
) -> None:
    source = """
        export default async (e) => {
          if (e.loop) while (true);
          await new Promise((done) => setTimeout(done, 2000));
          return "done";
        };
    """
    script = Script("begun.ts", source)
    begun = asyncio.create_task(runtime.call(script, {"loop": False}, timeout=5))
    await asyncio.sleep(0.2)

    await runtime.call(script, {"loop": True}, timeout=0.2)

    fault = (await begun).fault
    assert fault is not None
    assert fault.code == "timeout"
    assert "Another call" in fault.message


async def test_an_exit_ends_its_call_at_once(runtime: ScriptRuntime) -> None:
    script = Script("exit.ts", "export default () => { try { Deno.exit() } catch {} while (0); };")
    began = time.monotonic()

    run = await runtime.call(script, EVENT, timeout=5)

    assert run.fault is not None
    assert run.fault.code == "exited"
    assert time.monotonic() - began < 1
