"""Runs scripts: one warm Deno process for each, and a spare one for the next new script."""

import asyncio
import contextlib
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from burnish.errors import RuntimeUnavailable
from burnish.hooks.call import Call, NotStarted, too_slow
from burnish.hooks.context import HookContext
from burnish.hooks.deno_command import environment, find_deno, host_command
from burnish.hooks.fetch import HostedFetch
from burnish.hooks.process import DenoProcess
from burnish.hooks.redaction import redacted
from burnish.hooks.script import Script, ScriptFault, ScriptRun
from burnish.outbound import Outbound

__all__ = ["Script", "ScriptFault", "ScriptRun", "ScriptRuntime"]

log = structlog.get_logger("burnish.hooks")

MAX_PROCESSES = 16
# A call whose process ended before it began is tried once more; a script that kills every process
# it is loaded into must not be tried for ever.
ATTEMPTS = 2
# Not at once: a Deno that dies whenever it starts would keep this machine busy.
RESTART_SECONDS = 0.5
STOPPED = "The script runtime was stopped."


class ScriptRuntime:
    """Owns all Deno processes; everything happens on the event loop that called `start`."""

    def __init__(
        self, outbound: Outbound, *, memory_mb: int = 128, idle_seconds: float = 300.0
    ) -> None:
        """Keep the settings.

        `memory_mb` (MiB) bounds a script's heap, and its buffers again by as much and a half;
        a process that was not used for `idle_seconds` is ended.
        """
        self._outbound = outbound
        self._memory_mb = memory_mb
        self._idle_seconds = idle_seconds
        self._processes: OrderedDict[Script, DenoProcess] = OrderedDict()
        self._spare: asyncio.Task[DenoProcess] | None = None
        self._janitor: asyncio.Task[None] | None = None
        self._fetch: HostedFetch
        self._command: list[str]
        self._cache = ""

    async def start(self) -> None:
        """Start the spare process.

        Raises `DenoMissing`, or `RuntimeUnavailable` when Deno does not start.
        """
        self._command = host_command(find_deno(), self._outbound, self._memory_mb)
        self._cache = tempfile.mkdtemp(prefix="burnish-deno-")
        self._fetch = HostedFetch(self._outbound)
        try:
            await self._new_spare()
        except OSError as error:
            await self.close()
            raise RuntimeUnavailable(f"The script runtime does not start: {error}.") from error
        self._janitor = asyncio.create_task(self._end_idle())

    async def call(
        self,
        script: Script,
        event: Mapping[str, Any],
        context: HookContext | None = None,
        *,
        timeout: float,
    ) -> ScriptRun:
        """Run `script` with `event` and return what came of it within `timeout` seconds.

        Raises `RuntimeUnavailable` when the runtime was not started, and nothing for a fault of
        the script.
        """
        if self._spare is None:
            raise RuntimeUnavailable
        loop = asyncio.get_running_loop()
        began = loop.time()
        context = context or HookContext()
        call: Call | None = None
        fault: ScriptFault | None
        for _ in range(ATTEMPTS):
            call = Call(event, context, began + timeout, timeout)
            try:
                await self._place(call, script, began + timeout)
                output, fault = await call.answer
                break
            except NotStarted as lost:
                output, fault = None, lost.args[0]
            except TimeoutError:
                output, fault = None, too_slow(timeout)
                break
            except (OSError, RuntimeUnavailable) as error:
                output, fault = None, ScriptFault("runtime_unavailable", f"{error}")
                break
            finally:
                call.abandon()
        assert call is not None  # noqa: S101 - there is one attempt at least
        return ScriptRun(
            output,
            hidden(call.console, context),
            call.truncated,
            fault and replace(fault, message=hidden(fault.message, context)),
            (loop.time() - began) * 1000,
            tuple(call.requests),
        )

    async def close(self) -> None:
        """End all processes and wait until they are gone."""
        spare, self._spare = self._spare, None
        if self._janitor is not None:
            self._janitor.cancel()
        processes = list(self._processes.values())
        self._processes.clear()
        if spare is not None:
            with contextlib.suppress(OSError):
                processes.append(await spare)
        await asyncio.gather(*(process.close() for process in processes))
        await self._fetch.close()
        shutil.rmtree(self._cache, ignore_errors=True)

    async def _place(self, call: Call, script: Script, deadline: float) -> None:
        """Hand the call to the script's process, which is made first if there is none."""
        process = self._processes.get(script)
        if process is None or not process.alive:
            async with asyncio.timeout_at(deadline):
                process = await self._process_for(script)
        self._processes.move_to_end(script)
        process.submit(call)

    async def _process_for(self, script: Script) -> DenoProcess:
        while True:
            await self._make_room(script)
            spare = self._spare
            if spare is None:
                raise RuntimeUnavailable(STOPPED)
            fresh = await self._started(spare)
            known = self._processes.get(script)
            if known is not None and known.alive:
                return known
            if self._spare is not spare:
                continue  # another new script has taken it while we waited
            if not fresh.alive:
                self._new_spare()
            elif len(self._processes) < MAX_PROCESSES:
                self._new_spare()
                fresh.load(script)
                self._processes[script] = fresh
                return fresh

    async def _started(self, spare: "asyncio.Task[DenoProcess]") -> DenoProcess:
        try:
            return await asyncio.shield(spare)
        except OSError as error:
            if self._spare is spare:
                self._new_spare(RESTART_SECONDS)
            log.error("script runtime does not start", error=str(error))
            raise

    async def _make_room(self, script: Script) -> None:
        """Wait until another process may be had: the one unused for longest is ended for it."""
        while len(self._processes) >= MAX_PROCESSES and script not in self._processes:
            for known, process in self._processes.items():
                if not process.busy:
                    del self._processes[known]
                    process.kill("runtime_unavailable")
                    break
            else:
                await asyncio.sleep(0.01)

    def _new_spare(self, delay: float = 0.0) -> "asyncio.Task[DenoProcess]":
        self._spare = asyncio.create_task(self._launch(delay))
        return self._spare

    async def _launch(self, delay: float) -> DenoProcess:
        await asyncio.sleep(delay)
        hosted = self._outbound.hosted_origins()
        process = await DenoProcess.launch(
            self._command, environment(self._cache), hosted, self._memory_mb, self._fetch
        )
        process.on_end = self._ended
        return process

    def _ended(self, process: DenoProcess) -> None:
        if process.script is not None and self._processes.get(process.script) is process:
            del self._processes[process.script]
        elif self._spare is not None and self._spare.done() and self._spare.result() is process:
            self._new_spare(RESTART_SECONDS)

    async def _end_idle(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(self._idle_seconds / 4, 10.0))
            for script, process in list(self._processes.items()):
                if not process.busy and loop.time() - process.used_at > self._idle_seconds:
                    del self._processes[script]
                    process.kill("runtime_unavailable")


def hidden(text: str, context: HookContext) -> str:
    """Return a text without the values of secrets; short ones stand in it by chance."""
    return redacted(text, tuple(context.secrets.values()))
