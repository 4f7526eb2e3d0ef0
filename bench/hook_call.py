"""What does one call of a trivial hook cost, from a web thread to the runtime and back?"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.measure import Timing, show, timing

SCRIPT = "export default async function (e) { return { is_allowed: true }; }\n"
PROCESS = """
const hook = (await import(Deno.args[0])).default;
const event = JSON.parse(Deno.readTextFileSync(Deno.args[1]));
Deno.writeTextFileSync(Deno.args[2], JSON.stringify(await hook(event)));
"""
EVENT_FILE = Path(__file__).parents[1] / "examples/start/event.json"
EVENT = json.loads(EVENT_FILE.read_text())
PEERS = Path(__file__).parent / "peers"
METHOD = (
    "Ours: the whole path of a hook, engine.run and Dispatcher.call, from the calling thread to a "
    "Deno worker and back: 3,000 calls from one thread, 10,000 from 32; fresh: 200 calls with "
    "50 ms between them, as sign-ups come, and 300 without, each from one thread.\n"
    "A process a call: `deno run`, files in and out, 60 calls from one thread and 120 from 4.\n"
    "Node's: 3,000 calls from within one Node process, which is all their callers' event loop "
    "does. Isolation: what a hostile hook shares with its caller. Owed: reuse 1.0 ms and fresh "
    "12 ms at the median, 25 times a process a call."
)
NO_PEERS = "not installed: needs Node 20 with npm, a C++ compiler, and the network once"


def bench() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        peers = _peers(Path(folder) / "peers")
        os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/nothing")
        os.environ["BURNISH_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "burnish_server.project.settings"
        # Django reads its settings when this module is imported, so not before they are named.
        from burnish_server import engine

        process = _process(Path(folder))
        try:
            reuse, fresh = _hook("reuse"), _hook("fresh")
            for call in (reuse, fresh):
                call()
            one = timing(reuse, 3000)
            many = timing(reuse, 10_000, threads=32)
            new = timing(fresh, 200, pause=0.05)
            new_at_once = timing(fresh, 300)
            process_one = timing(process, 60)
            process_many = timing(process, 120, threads=4)
        finally:
            engine.close()
    rows = [
        _row("ours, reuse, 1 at a time", one, process_one.p50 / one.p50, OURS),
        _row("ours, fresh, 20 a second", new, process_one.p50 / new.p50, FRESH),
        _row("ours, fresh, 1 at a time", new_at_once, process_one.p50 / new_at_once.p50, FRESH),
        _row("a process a call, 1 at a time", process_one, 1, "new process"),
        _row("ours, reuse, 32 at once", many, many.rate / process_many.rate, OURS),
        _row("a process a call, 4 at once", process_many, 1, "new process"),
    ]
    if peers:
        thread, isolate = (Timing(*peers[name]) for name in ("worker_threads", "isolated-vm"))
        rows += [
            _row(
                "Node worker_threads, warm",
                thread,
                process_one.p50 / thread.p50,
                "a thread's, same rights",
            ),
            _row(
                "isolated-vm, warm",
                isolate,
                process_one.p50 / isolate.p50,
                "isolate in the process",
            ),
        ]
    else:
        rows.append((f"Node's ({NO_PEERS})", *["-"] * 5))
    columns = ("path", "p50 ms", "p95 ms", "calls/s", "to a process a call", "isolation")
    show("hook_call", METHOD, columns, rows)


OURS = "own process, no rights"
FRESH = f"{OURS}, new isolate"


def _row(name: str, taken: Timing, ratio: float, isolation: str) -> tuple[str, ...]:
    figures = f"{taken.p50:.2f}", f"{taken.p95:.2f}", f"{taken.rate:,.0f}"
    return name, *figures, f"{ratio:.0f}x", isolation


def _hook(isolation: Any) -> Callable[[], None]:
    """Return a call of the trivial hook."""
    from burnish.hooks.hook import Hook
    from burnish.hooks.script import Script
    from burnish_server import engine

    script = Script(f"{isolation}.ts", SCRIPT, isolation)
    hook = Hook(isolation, ("user.pre_create",), script)

    def call() -> None:
        reply = engine.run(lambda running: running.dispatcher.call(hook, EVENT, 5.0), timeout=6)
        assert reply.body == {"is_allowed": True}, reply

    return call


def _process(folder: Path) -> Callable[[], object]:
    """Return a call of the trivial hook by a process of its own."""
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


def _peers(folder: Path) -> dict[str, list[float]] | None:
    """Install and measure Node's ways to run a hook; None where they cannot be installed."""
    shutil.copytree(PEERS, folder)
    install = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=600)
    except (OSError, subprocess.SubprocessError):
        return None
    measure = ["node", "--no-node-snapshot", "warm.mjs", str(EVENT_FILE)]
    run = subprocess.run(measure, cwd=folder, check=True, capture_output=True, text=True)
    return dict(json.loads(run.stdout))
