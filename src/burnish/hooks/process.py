"""One Deno process: a script in its worker, the calls in flight, and the watch over both."""

import asyncio
import contextlib
import json
import secrets
import signal
from asyncio import SubprocessTransport, WriteTransport
from collections.abc import Callable, Coroutine
from typing import Any, cast

import structlog

from burnish.errors import BurnishError
from burnish.hooks.call import Call
from burnish.hooks.context import answer, user_of_call
from burnish.hooks.fetch import HostedFetch
from burnish.hooks.memory import MemoryBound
from burnish.hooks.script import Script, ScriptFault

log = structlog.get_logger("burnish.hooks")

# A worker that does not answer for this long after a call timed out is stuck in a loop.
PONG_SECONDS = 0.5
WATCH_SECONDS = 0.1
START_SECONDS = 10.0
MAX_LINE = 16 * 1024 * 1024
MAX_FETCHES = 64
MAX_LOOKUPS = 64
STDERR_KEPT = 4096
MIB = 1024 * 1024
FRESH_ISOLATES = 10
"""Isolates that may live at a time in the process of a script whose calls each have one."""

ENDINGS = {
    "timeout": "Another call of this script ran in an endless loop, and it was ended.",
    "out_of_memory": "The script used more memory than a script may; make it keep less.",
    "exited": "The script ended its process; return a value instead.",
    "runtime_unavailable": "The script runtime was stopped.",
}


class DenoProcess(asyncio.SubprocessProtocol):
    """A process that waits for a script, then answers that script's calls, many at a time.

    All its methods belong to the event loop that started it. When the process ends, for whatever
    reason, calls that had begun get a fault and the others `NotStarted`; then `on_end` is called.
    """

    def __init__(self, memory_mb: int, fetch: HostedFetch) -> None:
        """Prepare; `launch` is what starts the process."""
        self._heap = memory_mb * MIB
        self._memory: MemoryBound
        self._fetch = fetch
        self._secret = secrets.token_hex(16)
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._transport: SubprocessTransport
        self._stdin: WriteTransport
        self._buffer = bytearray()
        self._stderr = b""
        self._calls: dict[int, Call] = {}
        self._last_id = 0
        self._fetches: dict[int, asyncio.Task[None]] = {}
        self._reason: str | None = None
        self._silence: asyncio.TimerHandle | None = None
        self._watching: asyncio.TimerHandle | None = None
        self.script: Script | None = None
        self.used_at = self._loop.time()
        self.on_end: Callable[[DenoProcess], None] | None = None

    @classmethod
    async def launch(
        cls,
        command: list[str],
        environment: dict[str, str],
        hosted: list[str],
        memory_mb: int,
        fetch: HostedFetch,
    ) -> "DenoProcess":
        """Start the process and wait until a script can be loaded.

        Raises `OSError` when it does not start.
        """
        loop = asyncio.get_running_loop()
        transport, process = await loop.subprocess_exec(
            lambda: cls(memory_mb, fetch), *command, env=environment, cwd="/"
        )
        process._transport = transport
        process._stdin = cast(WriteTransport, transport.get_pipe_transport(0))
        process._send("boot", process._secret, {"hosted": hosted})
        try:
            async with asyncio.timeout(START_SECONDS):
                await process._ready
        except BaseException:
            process.kill("runtime_unavailable")
            raise
        return process

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._transport.get_pid()

    @property
    def alive(self) -> bool:
        """Whether it can take calls."""
        return self._reason is None and not self._ended.done()

    @property
    def busy(self) -> bool:
        """Whether calls are in flight."""
        return bool(self._calls)

    def load(self, script: Script) -> None:
        """Make this the process of `script`; what is wrong with the script is told by its calls."""
        self.script = script
        # The heap is bounded by itself: what is left is for buffers and for V8's own needs. Each
        # further isolate maps half a gigabyte, and fills little of it.
        more = FRESH_ISOLATES if script.isolation == "fresh" else 0
        allowance = 2 * self._heap + (64 + 16 * more) * MIB
        self._memory = MemoryBound(self.pid, allowance, reserved=more * 640 * MIB)
        modules = [[module.specifier, module.source] for module in script.modules]
        self._send("load", script.name, script.source, modules, script.isolation == "fresh")

    def submit(self, call: Call) -> None:
        """Start a call; it is over when its `answer` is done."""
        self._last_id += 1
        number = self._last_id
        self._calls[number] = call
        call.answer.add_done_callback(lambda _: self._over(number))
        self._send("call", number, call.event, dict(call.context.secrets))
        if self._watching is None:
            self._watching = self._loop.call_later(WATCH_SECONDS, self._watch)

    def kill(self, reason: str) -> None:
        """End the process at once; `reason` is the fault code of the calls that had begun."""
        if self._reason is None:
            self._reason = reason
            with contextlib.suppress(ProcessLookupError):
                self._transport.kill()

    async def close(self) -> None:
        """End the process and wait until it is gone."""
        self.kill("runtime_unavailable")
        await asyncio.shield(self._ended)

    def _send(self, *message: Any) -> None:
        self._stdin.write(json.dumps(message).encode() + b"\n")

    def _over(self, number: int) -> None:
        """Forget a call; when it did not end by the worker's answer, tell the worker."""
        self.used_at = self._loop.time()
        call = self._calls.pop(number, None)
        if call is None:
            return
        for task in list(call.tasks.values()):
            task.cancel()
        if self.alive:
            self._send("cancel", number)
            if self._silence is None:
                self._silence = self._loop.call_later(PONG_SECONDS, self.kill, "timeout")

    def _watch(self) -> None:
        self._watching = None
        if not self._calls or not self.alive:
            return
        if self._memory.broken():
            self.kill("out_of_memory")
            return
        self._watching = self._loop.call_later(WATCH_SECONDS, self._watch)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Take in output of the process."""
        if fd == 2:
            self._stderr = (self._stderr + data)[-STDERR_KEPT:]
            return
        self._buffer += data
        if b"\n" in data:
            *lines, rest = self._buffer.split(b"\n")
            self._buffer = rest
            for line in lines:
                if self.alive:
                    self._line(line)
        if len(self._buffer) > MAX_LINE:
            self.kill("exited")

    def _line(self, line: bytearray) -> None:
        secret, _, text = line.partition(b" ")
        try:
            if secret.decode("ascii") != self._secret:
                raise ValueError("a line that the host did not write")
            self._message(*json.loads(text))
        except (ValueError, TypeError, AttributeError, RecursionError):
            # Someone else wrote to the pipe: nothing that follows can be relied on.
            self.kill("exited")

    def _message(self, kind: str, *rest: Any) -> None:
        if kind == "pong":
            if self._silence is not None:
                self._silence.cancel()
                self._silence = None
        elif kind == "ready":
            self._ready.set_result(None)
        elif kind == "abort":
            if task := self._fetches.get(rest[0]):
                task.cancel()
        elif call := self._calls.get(rest[0]):
            self._of_call(kind, rest[0], call, *rest[1:])

    def _of_call(self, kind: str, number: int, call: Call, *rest: Any) -> None:
        if kind == "note":
            call.note(*rest)
        elif kind == "done":
            del self._calls[number]
            call.finish(rest[0])
        elif kind == "fault":
            del self._calls[number]
            call.fail(ScriptFault(**rest[0]))
        elif kind == "request":
            call.requested(*rest)
        elif kind == "fetch":
            self._start_fetch(call, *rest)
        elif kind == "cache":
            self._start(call, rest[0], self._cached(call, *rest))
        elif kind == "enrich":
            self._start_lookup(call, *rest)

    def _start_fetch(self, call: Call, number: int, asked: dict[str, Any]) -> None:
        if len(self._fetches) >= MAX_FETCHES:
            error = f"A script may have {MAX_FETCHES} requests under way, not more"
            return self._send("fetched", number, {"error": error})
        task = self._start(call, number, self._fetched(number, asked))
        self._fetches[number] = task
        task.add_done_callback(lambda _: self._fetches.pop(number, None))

    def _start_lookup(self, call: Call, number: int, asked: dict[str, Any]) -> None:
        if len(call.tasks) >= MAX_LOOKUPS:
            error = f"A call may ask {MAX_LOOKUPS} things at a time, not more"
            return self._send("enriched", number, {"error": error})
        self._start(call, number, self._enriched(call, number, asked))

    def _start(
        self, call: Call, number: int, work: Coroutine[Any, Any, None]
    ) -> "asyncio.Task[None]":
        """Begin what ends with the call at the latest."""
        task = self._loop.create_task(work)
        call.tasks[number] = task
        task.add_done_callback(lambda _: call.tasks.pop(number, None))
        return task

    async def _cached(self, call: Call, number: int, asked: dict[str, Any]) -> None:
        cache = call.context.cache
        user_of_call.set(call.about.get("user_id"))  # of this task alone
        try:
            if "get" in asked:
                reply = {"value": await cache.get(asked["get"])}
            else:
                await cache.set(asked["set"], asked["value"], asked["ttl"])
                reply = {"value": None}
        except BurnishError as error:
            reply = {"error": f"This cannot be kept: {error}"}
        except Exception:
            log.exception("cache of a hook failed", script=self.script and self.script.name)
            reply = {"error": "The cache cannot be reached just now"}
        if self.alive:
            self._send("cached", number, reply)

    async def _enriched(self, call: Call, number: int, asked: dict[str, Any]) -> None:
        enrich = call.context.enrich
        try:
            told = await enrich.ask(str(asked["provider"]), dict(asked["inputs"]), call.about)
            if self.alive:
                self._send("enriched", number, {"value": told})
        except Exception:
            # Whatever is the matter with providers, the script goes on.
            log.exception("lookup of a hook failed", script=self.script and self.script.name)
            if self.alive:
                self._send("enriched", number, {"value": answer("failed", "broken")})

    async def _fetched(self, number: int, asked: dict[str, Any]) -> None:
        reply = await self._fetch.send(asked)
        if self.alive:
            self._send("fetched", number, reply)

    def process_exited(self) -> None:
        """Tell everyone who waits that the process is gone."""
        if self._reason is None:
            self._reason = "out_of_memory" if b"out of memory" in self._stderr else "exited"
        code = self._transport.get_returncode()
        self._log_end(code)
        for handle in (self._silence, self._watching):
            if handle is not None:
                handle.cancel()
        for task in list(self._fetches.values()):
            task.cancel()
        calls, self._calls = self._calls, {}
        for call in calls.values():
            call.lose(ScriptFault(self._reason, ENDINGS[self._reason]))
        if not self._ready.done():
            self._ready.set_exception(OSError(f"Deno ended with status {code} while it started"))
        self._ended.set_result(None)
        self._transport.close()
        if self.on_end is not None:
            self.on_end(self)

    def _log_end(self, code: int | None) -> None:
        if self._reason == "runtime_unavailable":
            return
        name = signal.Signals(-code).name if code is not None and code < 0 else str(code)
        script = self.script.name if self.script else None
        log.warning(
            "script process ended", script=script, pid=self.pid, reason=self._reason, status=name
        )
