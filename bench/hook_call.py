"""What does one call of a trivial hook cost, from a web thread to the runtime and back?"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from bench.measure import show, timing

SCRIPT = "export default async function (e) { return { is_allowed: true }; }\n"
PROCESS = """
const hook = (await import(Deno.args[0])).default;
const event = JSON.parse(Deno.readTextFileSync(Deno.args[1]));
Deno.writeTextFileSync(Deno.args[2], JSON.stringify(await hook(event)));
"""
EVENT = json.loads((Path(__file__).parents[1] / "examples/start/event.json").read_text())
METHOD = (
    "Ours: engine.run from the calling thread to a warm Deno worker and back, 3,000 calls from one "
    "thread and 10,000 from 32.\nBeside it: one `deno run` process a call, files in and out, 60 "
    "calls from one thread and 120 from 4."
)


def bench() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/nothing")
        os.environ["BURNISH_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "burnish_server.project.settings"
        # Django reads its settings when this module is imported, so not before they are named.
        from burnish_server import engine

        process = _process(Path(folder))
        try:
            _ours(engine)
            one = timing(lambda: _ours(engine), 3000)
            many = timing(lambda: _ours(engine), 10_000, threads=32)
            process_one = timing(process, 60)
            process_many = timing(process, 120, threads=4)
        finally:
            engine.close()
    rows = [
        ("warm worker, 1 at a time", one, f"{process_one.p50 / one.p50:.0f}x in p50"),
        ("a process a call, 1 at a time", process_one, "1"),
        ("warm worker, 32 at once", many, f"{many.rate / process_many.rate:.0f}x in calls/s"),
        ("a process a call, 4 at once", process_many, "1"),
    ]
    columns = ("path", "p50 ms", "p95 ms", "calls/s", "faster than a process a call")
    show(
        "hook_call",
        METHOD,
        columns,
        [
            (name, f"{t.p50:.2f}", f"{t.p95:.2f}", f"{t.rate:,.0f}", ratio)
            for name, t, ratio in rows
        ],
    )


def _ours(engine) -> None:  # type: ignore[no-untyped-def]
    from burnish.hooks.script import Script

    script = Script("trivial.ts", SCRIPT)
    run = engine.run(lambda running: running.runtime.call(script, EVENT, timeout=5.0), timeout=6)
    assert run.output == {"is_allowed": True}, run


def _process(folder: Path):  # type: ignore[no-untyped-def]
    import deno

    for name, content in (("hook.ts", SCRIPT), ("run.ts", PROCESS), ("in", json.dumps(EVENT))):
        (folder / name).write_text(content)
    files = [str(folder / name) for name in ("hook.ts", "in", "out")]
    command = [
        deno.find_deno_bin(),
        "run",
        "--quiet",
        f"--allow-read={folder}",
        f"--allow-write={folder}",
        str(folder / "run.ts"),
        f"file://{files[0]}",
        *files[1:],
    ]
    return lambda: subprocess.run(command, check=True, capture_output=True)
