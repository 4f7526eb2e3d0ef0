"""Hooks as a configuration file has them."""

import re
from collections.abc import Container
from itertools import count
from typing import Any

from burnish.hooks.fragment import named_after
from burnish_server.hooks import store
from burnish_server.hooks.models import Hook


def export() -> tuple[dict[str, Any], dict[str, str]]:
    """Return the section `hook`, and the scripts by the path they have beside the file."""
    limits = store.limits()
    scripts: dict[str, str] = {}
    handlers = []
    for hook in Hook.objects.all():
        path = _path(hook.name, {taken.lower() for taken in scripts})
        scripts[path] = hook.script
        handlers.append(_handler(hook, path))
    section = {
        "sync_hook_timeout_seconds": _short(limits.hook),
        "sync_hook_total_timeout_seconds": _short(limits.event),
        "blocking_handlers": handlers,
    }
    return section, scripts


def _handler(hook: Hook, path: str) -> dict[str, Any]:
    handler: dict[str, Any] = {"event": hook.event, "url": f"authgeardeno:///{path}"}
    handler["on_error"] = hook.on_error
    if named_after(path) != hook.name:
        handler["name"] = hook.name
    if not hook.enabled:
        handler["enabled"] = False
    return handler


def _path(name: str, taken: Container[str]) -> str:
    stem = re.sub(r"[^0-9a-zA-Z]+", ".", name).strip(".") or "hook"
    candidates = (f"deno/{stem if n == 1 else f'{stem}.{n}'}.ts" for n in count(1))
    return next(path for path in candidates if path.lower() not in taken)


def _short(seconds: float) -> float | int:
    return int(seconds) if float(seconds).is_integer() else seconds
