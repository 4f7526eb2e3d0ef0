"""Calling a plugin: in a thread or on the loop, with `ctx` in the shape it can use."""

import asyncio
import inspect
import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from burnish.attributes.storable import clean_text
from burnish.hooks.context import Cache, HookContext, user_of_call
from burnish.hooks.hook import Hook
from burnish.hooks.outcome import HookRun
from burnish.hooks.plugin import Plugin
from burnish.hooks.reply import Reply
from burnish.hooks.trouble import Trouble

MAX_CONSOLE = 64 * 1024

CACHE_SECONDS = 5.0


class Secrets:
    """The secrets a plugin may use, as attributes: `ctx.secrets.API_KEY`."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = secrets

    def __getattr__(self, name: str) -> str:
        try:
            return self._secrets[name]
        except KeyError:
            message = f"there is no secret {name} for this hook; add it, and let this hook use it"
            raise AttributeError(message) from None


class WaitingCache:
    """The cache for plain functions, which wait for it in their own thread."""

    def __init__(
        self, cache: Cache, loop: asyncio.AbstractEventLoop, user_id: str | None = None
    ) -> None:
        self._cache = cache
        self._loop = loop
        self._user_id = user_id

    def get(self, key: str) -> Any:
        """Return the value, or None."""
        return self._wait(self._cache.get(key))

    def set(self, key: str, value: Any, ttl: float) -> None:
        """Keep a value for `ttl` seconds."""
        self._wait(self._cache.set(key, value, ttl))

    def _wait(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(self._named(work), self._loop).result(CACHE_SECONDS)

    async def _named(self, work: Any) -> Any:
        user_of_call.set(self._user_id)  # of this task alone
        return await work


class PluginContext:
    """`ctx` of a plugin: `secrets`, `log`, and `cache` (awaited by async functions only)."""

    def __init__(self, secrets: Mapping[str, str], cache: Cache | WaitingCache | None) -> None:
        self.secrets = Secrets(secrets)
        self.cache = cache
        self._lines: list[str] = []

    def log(self, *values: object) -> None:
        """Write a line into the hook's log."""
        self._lines.append(" ".join(str(value) for value in values) + "\n")

    def printed(self) -> tuple[str, bool]:
        """Return what was written, and whether it was cut."""
        text = clean_text("".join(self._lines))
        return text[:MAX_CONSOLE], len(text) > MAX_CONSOLE


async def call(
    plugin: Plugin, envelope: Mapping[str, Any], context: HookContext, seconds: float
) -> Reply:
    """Call a plugin and return what came of it. One that is too slow is left to itself."""
    function = plugin.function
    user_id = envelope["context"].get("user_id")
    if function is None:
        return Reply(None, _not_installed(plugin), 0.0)
    user_of_call.set(user_id)
    if inspect.iscoroutinefunction(function):
        ctx = PluginContext(context.secrets, context.cache)
    else:
        waiting = WaitingCache(context.cache, asyncio.get_running_loop(), user_id)
        ctx = PluginContext(context.secrets, waiting)
    began = time.monotonic()
    body, trouble = None, None
    clock = asyncio.timeout(seconds)
    try:
        async with clock:
            if inspect.iscoroutinefunction(function):
                body = await function(envelope, ctx)
            else:
                body = await asyncio.to_thread(function, envelope, ctx)
    except Exception as error:
        trouble = _too_slow(plugin, seconds) if clock.expired() else _raised(plugin, error)
    return Reply(body, trouble, (time.monotonic() - began) * 1000, *ctx.printed())


def inside(hook: Hook, envelope: Mapping[str, Any]) -> HookRun:
    """Call a plugin in this thread, inside the transaction that is open in it.

    Raises what the plugin raises, for that undoes the operation. There is no cache: it is kept
    outside the transaction.
    """
    assert isinstance(hook.target, Plugin) and hook.target.function  # noqa: S101, PT018 - see `Hook.point`
    ctx = PluginContext(hook.context.secrets, None)
    started_at = datetime.now(UTC)
    began = time.monotonic()
    hook.target.function(envelope, ctx)
    ms = (time.monotonic() - began) * 1000
    return HookRun(hook.name, envelope["type"], "delivered", started_at, ms, *ctx.printed())


def _not_installed(plugin: Plugin) -> Trouble:
    message = f"The plugin {plugin.name} is not installed here; install its package, or remove it."
    return Trouble("InternalError", "HookDeliveryUnknownFailure", 500, message)


def _too_slow(plugin: Plugin, seconds: float) -> Trouble:
    message = f"The plugin {plugin.name} did not return within {seconds:g} s."
    return Trouble("InternalError", "HookDeliveryTimeout", 500, message)


def _raised(plugin: Plugin, error: Exception) -> Trouble:
    frames = traceback.extract_tb(error.__traceback__)
    own = inspect.unwrap(plugin.function).__code__.co_filename if plugin.function else ""
    lines = [frame.lineno for frame in frames if frame.filename == own]
    message = f"The plugin {plugin.name} raised {type(error).__name__}: {error}"
    return Trouble("InternalError", "PluginError", 500, message, lines[-1] if lines else None)
