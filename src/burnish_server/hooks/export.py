"""Hooks as a configuration file has them."""

import re
from collections.abc import Container
from itertools import count
from typing import Any

from burnish.hooks.fragment import named_after
from burnish_server.hooks import store
from burnish_server.hooks.models import Hook


def export() -> tuple[dict[str, Any], dict[str, str]]:
    """Return the section `hook`, and the scripts by the path they have beside the file.

    Plugins are not part of a file: their packages declare them.
    """
    limits = store.limits()
    scripts: dict[str, str] = {}
    section: dict[str, Any] = {
        "sync_hook_timeout_seconds": _short(limits.hook),
        "sync_hook_total_timeout_seconds": _short(limits.event),
        "deferred_timeout_seconds": _short(limits.deferred),
        "blocking_handlers": [],
        "non_blocking_handlers": [],
    }
    for hook in Hook.objects.exclude(kind=Hook.Kind.PLUGIN):
        url = hook.url
        if hook.kind == Hook.Kind.SCRIPT:
            path = _path(hook.name, {taken.lower() for taken in scripts})
            scripts[path], url = hook.script, f"authgeardeno:///{path}"
        kind = "blocking_handlers" if hook.as_hook().blocking else "non_blocking_handlers"
        section[kind].append(_handler(hook, url))
    return section, scripts


def _handler(hook: Hook, url: str) -> dict[str, Any]:
    blocking = hook.as_hook().blocking
    handler: dict[str, Any] = {"event": hook.events[0]} if blocking else {"events": hook.events}
    handler["url"] = url
    if blocking:
        handler["on_error"] = hook.on_error
    # Two webhooks of one host would change names if their order did.
    if hook.kind == Hook.Kind.WEBHOOK or named_after(url) != hook.name:
        handler["name"] = hook.name
    if not hook.enabled:
        handler["enabled"] = False
    if hook.timeout_ms:
        handler["timeout_ms"] = hook.timeout_ms
    if hook.only_clients:
        handler["only_clients"] = hook.only_clients
    if hook.isolation != Hook.Isolation.REUSE:
        handler["isolation"] = hook.isolation
    return handler


def _path(name: str, taken: Container[str]) -> str:
    stem = re.sub(r"[^0-9a-zA-Z]+", ".", name).strip(".") or "hook"
    candidates = (f"deno/{stem if n == 1 else f'{stem}.{n}'}.ts" for n in count(1))
    return next(path for path in candidates if path.lower() not in taken)


def _short(seconds: float) -> float | int:
    return int(seconds) if float(seconds).is_integer() else seconds
