"""The life of the runtime's processes: one a script, a warm spare, and none left behind."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import psutil
import pytest
import pytest_asyncio
import structlog
from structlog.testing import LogCapture

from burnish.errors import DenoMissing
from burnish.hooks import process as process_module
from burnish.hooks import runtime as runtime_module
from burnish.hooks.runtime import Script, ScriptRuntime
from burnish.outbound import Outbound

pytestmark = pytest.mark.asyncio(loop_scope="session")


def denos(parent: int | None = None) -> set[int]:
    """Return the process ids of the Denos this process (or `parent`) has started."""
    alive = set()
    for child in psutil.Process(parent).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if child.status() != psutil.STATUS_ZOMBIE:
                alive.add(child.pid)
    return alive


def one(number: int) -> Script:
    return Script(f"{number}.ts", f"export default () => {number};")


@pytest_asyncio.fixture(loop_scope="session")
async def own() -> AsyncIterator[ScriptRuntime]:
    """Return a runtime for one test, whose unused processes end soon."""
    runtime = ScriptRuntime(Outbound(), memory_mb=64, idle_seconds=0.4)
    await runtime.start()
    yield runtime
    await runtime.close()


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> LogCapture:
    """Return what the runtime logs, however logging is set up when the test runs."""
    capture = LogCapture()
    every_level = structlog.make_filtering_bound_logger(0)
    logger = structlog.wrap_logger(None, processors=[capture], wrapper_class=every_level)
    monkeypatch.setattr(process_module, "log", logger)
    return capture


async def until(holds: Callable[[], bool], seconds: float = 3.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True


async def test_a_spare_process_waits_and_is_replaced_when_it_is_taken() -> None:
    before = denos()
    runtime = ScriptRuntime(Outbound())
    await runtime.start()
    at_start = denos() - before

    await runtime.call(one(1), {}, timeout=5)

    assert len(at_start) == 1
    assert await until(lambda: len(denos() - before) == 2)
    await runtime.close()
    assert await until(lambda: not denos() - before)


async def test_a_process_that_is_not_used_ends(own: ScriptRuntime) -> None:
    before = denos()
    await own.call(one(1), {}, timeout=5)
    assert await until(lambda: len(denos() - before) == 1)

    assert await until(lambda: len(denos()) == len(before))
    assert (await own.call(one(1), {}, timeout=5)).output == 1


async def test_a_process_that_is_killed_is_replaced_at_once_and_the_log_says_so(
    own: ScriptRuntime, logged: LogCapture
) -> None:
    script = Script("who.ts", "export default (e) => e.word;")
    await own.call(script, {"word": "secret-1"}, timeout=5)

    psutil.Process(own._processes[script].pid).kill()
    run = await own.call(script, {"word": "secret-2"}, timeout=5)

    assert run.output == "secret-2"
    assert await until(lambda: bool(logged.entries))
    entry = logged.entries[0]
    assert (entry["event"], entry["script"], entry["reason"], entry["status"]) == (
        "script process ended",
        "who.ts",
        "exited",
        "SIGKILL",
    )
    assert "secret" not in str(logged.entries)


async def test_a_spare_that_dies_is_replaced(own: ScriptRuntime) -> None:
    spare = own._spare
    assert spare is not None
    psutil.Process(spare.result().pid).kill()
    await asyncio.sleep(0.05)

    run = await own.call(one(1), {}, timeout=5)

    assert run.output == 1


async def test_there_are_never_more_processes_than_the_limit(
    own: ScriptRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime_module, "MAX_PROCESSES", 3)
    before = denos()

    runs = await asyncio.gather(*(own.call(one(n), {}, timeout=10) for n in range(12)))

    assert [run.output for run in runs] == list(range(12))
    assert len(own._processes) <= 3
    assert await until(lambda: len(denos() - before) <= 4)


async def test_a_script_that_finds_no_room_in_time_fails_alone(
    own: ScriptRuntime, waiting: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime_module, "MAX_PROCESSES", 1)
    busy = asyncio.create_task(own.call(waiting, {"wait": 600}, timeout=5))
    await asyncio.sleep(0.1)

    run = await own.call(one(1), {}, timeout=0.2)

    assert run.fault is not None
    assert run.fault.code == "timeout"
    assert (await busy).output == "waited"


async def test_a_caller_that_gives_up_leaves_the_process_in_order(
    own: ScriptRuntime, waiting: Script
) -> None:
    given_up = asyncio.create_task(own.call(waiting, {"wait": 5000}, timeout=10))
    await asyncio.sleep(0.2)
    given_up.cancel()

    run = await own.call(waiting, {"wait": 1}, timeout=2)

    assert run.output == "waited"


async def test_a_missing_deno_is_one_sentence_with_the_mend(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr("deno.find_deno_bin", missing)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(DenoMissing, match="pip install deno"):
        await ScriptRuntime(Outbound()).start()


def missing() -> str:
    raise FileNotFoundError


async def test_a_killed_parent_leaves_no_process_behind() -> None:
    program = """
import asyncio
from burnish.hooks.runtime import Script, ScriptRuntime
from burnish.outbound import Outbound

async def main():
    runtime = ScriptRuntime(Outbound())
    await runtime.start()
    loop = Script("loop.ts", "export default () => { while (true); };")
    calls = asyncio.create_task(runtime.call(loop, {}, timeout=60))
    await asyncio.sleep(0.5)
    print("running", flush=True)
    await calls

asyncio.run(main())
"""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    await parent.stdout.readline()
    children = [psutil.Process(pid) for pid in denos(parent.pid)]

    parent.kill()
    await parent.wait()

    assert len(children) == 2
    _, alive = await asyncio.to_thread(psutil.wait_procs, children, 2)
    assert not alive
