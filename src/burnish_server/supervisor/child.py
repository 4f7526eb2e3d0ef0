"""A process kept alive: started, watched, started again when it ends, ended in time."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from burnish_server.supervisor import lifeline

log = structlog.get_logger("burnish.serve")

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0
STEADY_SECONDS = 10.0
"""A process that lived this long is started again without a pause growing from earlier ends."""


def burnish(*words: str) -> list[str]:
    """Return the command that runs `burnish` with the Python we run on."""
    return [sys.executable, "-m", "burnish", *words]


@dataclass(slots=True, eq=False)
class Child:
    """One process in a session of its own, holding a lifeline to us by its standard input."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    start_options: Mapping[str, Any] = field(default_factory=dict)
    log_file: Path | None = None
    before_restart: Callable[[], None] | None = None
    ends: int = 0
    _process: asyncio.subprocess.Process | None = None
    _watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the process and keep it alive from now on."""
        await self._spawn()
        self._watch = asyncio.create_task(self._keep_alive(), name=self.name)

    async def stop(self, patience: float) -> None:
        """End the process and whatever it started, by force after `patience` seconds."""
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        process = self._process
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(self.stop_signal)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), patience)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()

    async def _spawn(self) -> None:
        environment = {**self.environment, lifeline.VARIABLE: "0"}
        output = self.log_file.open("ab") if self.log_file else None
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self.command,
                env=environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **self.start_options,
            )
        finally:
            if output:
                output.close()

    async def _keep_alive(self) -> None:
        clock = asyncio.get_running_loop().time
        pause = FIRST_PAUSE
        while self._process is not None:
            started = clock()
            status = await self._process.wait()
            self.ends += 1
            if clock() - started > STEADY_SECONDS:
                pause = FIRST_PAUSE
            log.warning("process ended, starting it again", process=self.name, status=status)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            if self.before_restart is not None:
                await asyncio.to_thread(self.before_restart)
            await self._spawn()
            log.info("process started again", process=self.name, pid=self._process.pid)
