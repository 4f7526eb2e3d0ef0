"""Hooks in Python: plain functions, trusted, in the process of the service itself.

    import burnish

    @burnish.hook("user.pre_create")
    def corporate_only(event, ctx):
        email = event["payload"]["user"]["standard_attributes"]["email"]
        return {"is_allowed": email.endswith("@nordlake.example")}

Packages name their modules in the entry-point group `burnish.hooks`; projects in the setting
`hooks.plugins`.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Literal, TypeVar

from burnish.events.catalogue import ALL, BLOCKING, CATALOGUE

Point = Literal["before", "in_transaction", "after_commit"]
"""When a hook is called: before anything exists, with what is stored, or after it is certain."""

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Plugin:
    """A function that answers events; `function` is None where its package is not installed."""

    name: str
    function: Callable[..., Any] | None = field(default=None, compare=False, repr=False)
    point: Point = "after_commit"


@dataclass(frozen=True, slots=True)
class Registered:
    """A plugin as its package declares it; administrators may set the rest otherwise."""

    plugin: Plugin
    events: tuple[str, ...]
    on_error: Literal["deny", "allow", "defer"]
    timeout: float | None


_registered: dict[str, Registered] = {}


def hook(
    *events: str,
    name: str | None = None,
    in_transaction: bool = False,
    on_error: Literal["deny", "allow", "defer"] = "deny",
    timeout_ms: int | None = None,
) -> Callable[[F], F]:
    """Register a function for one blocking event, or for any number of others (`*`: all).

    It is called with the event's envelope and `ctx`, and may be `async`. One for a blocking event
    returns the verdict. With `in_transaction` it is called inside the transaction that makes a
    non-blocking event true, for local work in the same database only: what it raises undoes the
    operation. The name is the function's, unless one is given. Raises `ValueError` for events
    that do not go together.
    """

    def register(function: F) -> F:
        called = name or function.__name__.replace("_", "-")
        _require_together(events, in_transaction and inspect.iscoroutinefunction(function))
        blocking = events[0] in BLOCKING
        if blocking and in_transaction:
            raise ValueError(f"{events[0]} is asked before any transaction; use another event.")
        before = _registered.get(called)
        if before and _place(before.plugin.function) != _place(function):
            raise ValueError(f"Two plugins are called {called}; give one another name.")
        point: Point = (
            "before" if blocking else "in_transaction" if in_transaction else "after_commit"
        )
        timeout = timeout_ms / 1000 if timeout_ms else None
        plugin = Plugin(called, function, point)
        _registered[called] = Registered(plugin, events, on_error, timeout)
        return function

    return register


def load(modules: Iterable[str]) -> None:
    """Import the modules of a settings list, and those of installed packages."""
    for module in modules:
        import_module(module)
    for entry in entry_points(group="burnish.hooks"):
        entry.load()


def registered() -> dict[str, Registered]:
    """Return the plugins registered so far, by name."""
    return dict(_registered)


def named(name: str) -> Plugin:
    """Return the plugin of this name; one without a function where it is not installed."""
    found = _registered.get(name)
    return found.plugin if found else Plugin(name)


def _require_together(events: tuple[str, ...], is_async_in_transaction: bool) -> None:
    if is_async_in_transaction:
        raise ValueError("A plugin in the transaction cannot be async; write a plain function.")
    if unknown := [event for event in events if event not in CATALOGUE and event != ALL]:
        raise ValueError(f"There is no event {unknown[0]}; there are: {', '.join(CATALOGUE)}.")
    if not events or (len(events) > 1 and any(event in BLOCKING for event in events)):
        raise ValueError("Name one blocking event, or any number of non-blocking ones.")


def _place(function: Callable[..., Any] | None) -> tuple[str, str] | None:
    return function and (function.__module__, function.__qualname__)
