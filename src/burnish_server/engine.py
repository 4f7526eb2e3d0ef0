"""The one crossing between Django's threads and the library's event loop.

Each process has one loop, in a thread of its own. A view hands it work and waits; while it waits
it holds no transaction and no pooled connection.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar, cast

from django.conf import settings
from django.db import connections

from burnish.errors import InsideTransaction, RuntimeUnavailable
from burnish.hooks.dispatch import Dispatcher
from burnish.hooks.runtime import ScriptRuntime
from burnish.hooks.webhooks import Webhooks
from burnish.outbound import Outbound

T = TypeVar("T")


class Closing(Protocol):
    """Something on the loop that is closed with it."""

    async def close(self) -> None:
        """Release what it holds."""


H = TypeVar("H", bound=Closing)


class Engine:
    """An event loop in a thread, and what calls hooks on it: scripts, webhooks, plugins."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        options = settings.BURNISH.outbound
        self.outbound = Outbound.parse(options.allow_private, options.rewrites)
        self.runtime = ScriptRuntime(
            self.outbound,
            memory_mb=settings.BURNISH.hooks.memory_mb,
            idle_seconds=settings.BURNISH.hooks.idle_seconds,
        )
        self.webhooks = Webhooks(self.outbound)
        self.dispatcher = Dispatcher(self.runtime, self.webhooks)
        self._held: dict[str, Closing] = {}
        self._holding = threading.Lock()
        self._thread = threading.Thread(target=self.loop.run_forever, name="engine", daemon=True)
        self._thread.start()
        self.submit(self.runtime.start(), timeout=10)

    def submit(self, work: Coroutine[Any, Any, T], timeout: float) -> T:
        """Run `work` on the loop and wait for it, `timeout` seconds at most."""
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            return future.result(timeout)
        except TimeoutError:
            future.cancel()
            raise RuntimeUnavailable("The script runtime did not answer in time.") from None

    def hold(self, name: str, make: Callable[["Engine"], H]) -> H:
        """Return what a room above has on this loop; the first call makes it, `close` ends it."""
        with self._holding:
            if name not in self._held:
                self._held[name] = make(self)
            return cast(H, self._held[name])

    def close(self) -> None:
        """End the scripts' processes and the connections, then the loop."""
        for held in self._held.values():
            self.submit(held.close(), timeout=5)
        self.submit(self.webhooks.close(), timeout=5)
        self.submit(self.runtime.close(), timeout=5)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()


_lock = threading.Lock()
_engine: Engine | None = None


def current() -> Engine:
    """Return this process's engine; the first call starts it."""
    global _engine
    with _lock:
        if _engine is None:
            _engine = Engine()
        return _engine


def close() -> None:
    """End this process's engine, if it runs."""
    global _engine
    with _lock:
        if _engine is not None:
            _engine.close()
            _engine = None


def run(make: Callable[[Engine], Coroutine[Any, Any, T]], timeout: float) -> T:
    """Run on the loop what `make` returns, and wait for it, `timeout` seconds at most.

    Gives this thread's database connections back first, so that waiting costs nobody one. Raises
    `InsideTransaction` where one is open, for it would be held while someone outside is asked.
    """
    engine = current()
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            raise InsideTransaction
        connection.close()
    return engine.submit(make(engine), timeout)
