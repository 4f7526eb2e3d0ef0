"""One call of a script while it is in flight."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from burnish.hooks.context import HookContext
from burnish.hooks.reply import Request
from burnish.hooks.script import ScriptFault

MAX_CONSOLE = 64 * 1024
MAX_REQUESTS = 50


class NotStarted(Exception):
    """The process ended before it came to this call; another one can do it."""


class Call:
    """What is known of a call so far; `answer` is done with (output, fault) when it is over."""

    __slots__ = (
        "_expiry",
        "_started",
        "about",
        "answer",
        "console",
        "context",
        "event",
        "requests",
        "tasks",
        "truncated",
    )

    def __init__(
        self,
        event: Mapping[str, Any],
        context: HookContext,
        deadline: float,
        timeout: float,
    ) -> None:
        """Begin to wait for the answer to an event until `deadline` of the running loop."""
        loop = asyncio.get_running_loop()
        self.event = json.dumps(event)
        self.about: Mapping[str, Any] = event.get("context") or {}
        self.context = context
        self.answer: asyncio.Future[tuple[Any, ScriptFault | None]] = loop.create_future()
        self.console = ""
        self.truncated = False
        self.requests: list[Request] = []
        self.tasks: dict[int, asyncio.Task[None]] = {}
        self._started = False
        self._expiry = loop.call_at(deadline, self.fail, too_slow(timeout))

    def note(self, text: str, cut: bool) -> None:
        """Take what the call has printed; the first note says that it has begun."""
        self._started = True
        if len(self.console) + len(text) > MAX_CONSOLE:
            cut = True
        self.console = (self.console + text)[:MAX_CONSOLE]
        self.truncated = self.truncated or cut

    def requested(self, host: str, status: int | None, ms: float) -> None:
        """Take note of a network call it made."""
        if len(self.requests) < MAX_REQUESTS:
            self.requests.append(Request(host, status, ms))

    def finish(self, output: str) -> None:
        """End with what the script returned, as JSON."""
        try:
            value = json.loads(output)
        except ValueError:
            return self.fail(ScriptFault("output_not_json", "The script's answer is not JSON."))
        except RecursionError:
            message = "The script's answer is nested too deeply."
            return self.fail(ScriptFault("output_not_json", message))
        self._end((value, None))

    def fail(self, fault: ScriptFault) -> None:
        """End with a fault."""
        self._end((None, fault))

    def lose(self, fault: ScriptFault) -> None:
        """End because the process did: with `fault` when the call had begun."""
        if self._started:
            self.fail(fault)
        elif not self.answer.done():
            self._expiry.cancel()
            self.answer.set_exception(NotStarted(fault))

    def _end(self, answer: tuple[Any, ScriptFault | None]) -> None:
        self._expiry.cancel()
        if not self.answer.done():
            self.answer.set_result(answer)

    def abandon(self) -> None:
        """End because nobody waits any more."""
        self._expiry.cancel()
        self.answer.cancel()


def too_slow(timeout: float) -> ScriptFault:
    """Return the fault of a call that took longer than `timeout` seconds."""
    return ScriptFault("timeout", f"The script did not return within {timeout:g} s.")
