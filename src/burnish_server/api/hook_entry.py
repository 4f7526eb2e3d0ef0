"""A hook as it is sent, read as the library has it: held to the same rules as one of a file."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from burnish.attributes.faults import Fault, InvalidValues
from burnish.events.catalogue import BLOCKING
from burnish.hooks import fragment
from burnish.hooks.fragment import BlockingHandler, NonBlockingHandler
from burnish.hooks.hook import Hook, Target
from burnish.hooks.plugin import Plugin
from burnish.hooks.script import Script
from burnish.hooks.webhook import Webhook
from burnish_server.api.pointing import below
from burnish_server.hooks.checking import MAX_BYTES, Checked, examine, tidy

_A_SCRIPT = "authgeardeno:///deno/script.ts"
"""What stands for a script that is not in a file."""


def read(name: str, before: Hook | None, said: Mapping[str, Any]) -> tuple[Hook, Checked]:
    """Return the hook, and what the checker said of a script that is new. Raises `InvalidValues`.

    Not to be called inside a transaction.
    """
    if before and isinstance(before.target, Plugin):
        return _plugin(before, said), Checked()
    if (said["script"] is None) == (said["url"] is None):
        raise InvalidValues([Fault("/script", "send either a script or a url, and not both")])
    handler = _handler(name, said)
    target: Target
    checked = Checked()
    if said["script"] is None:
        target = Webhook(handler.url)
    else:
        old = before.target if before and isinstance(before.target, Script) else None
        source = tidy(said["script"])
        target = Script(f"{name}.ts", source, handler.isolation)
        if old is None or old.source != source:
            checked = _good(name, source)
            target = replace(target, modules=checked.modules)
        else:
            target = replace(target, modules=old.modules)
    return fragment.hook_of(name, handler, target), checked


def checked(name: str, source: str) -> Checked:
    """Return what the checker says of a script. Raises `InvalidValues` where it is too long."""
    if not source.strip():
        raise InvalidValues([Fault("/script", "must be written")])
    if "\0" in source or len(source.encode("utf-8", "replace")) > MAX_BYTES:
        raise InvalidValues([Fault("/script", "must be text of at most 100 KiB")])
    return examine(name, source)


def _good(name: str, source: str) -> Checked:
    found = checked(name, source)
    if found.refusals:
        raise InvalidValues([Fault("/script", refusal) for refusal in found.refusals])
    return found


def _handler(name: str, said: Mapping[str, Any]) -> BlockingHandler | NonBlockingHandler:
    shared = ("enabled", "timeout_ms", "only_clients", "isolation")
    handler = {key: said[key] for key in shared}
    handler |= {"name": name, "url": said["url"] if said["script"] is None else _A_SCRIPT}
    events = said["events"]
    if events and events[0] in BLOCKING:
        if len(events) > 1:
            sentence = "one that is asked before something happens hears one event"
            raise InvalidValues([Fault("/events", sentence)])
        kind = "blocking_handlers"
        handler |= {"event": events[0], "on_error": said["on_error"]}
    else:
        kind = "non_blocking_handlers"
        handler["events"] = events
    found = fragment.parse({kind: [handler]})
    if isinstance(found, list):
        raise InvalidValues(below(found, f"hook.{kind}.0"))
    handlers: list[BlockingHandler | NonBlockingHandler] = getattr(found, kind)
    return handlers[0]


def _plugin(before: Hook, said: Mapping[str, Any]) -> Hook:
    """Return a plugin with what can be settled about one: its package declares the rest."""
    fixed = {"events": list(before.events), "script": None, "url": None}
    wrong = [name for name, value in fixed.items() if said[name] != value]
    if wrong:
        sentence = "is settled by the plugin's package"
        raise InvalidValues([Fault(f"/{name}", sentence) for name in wrong])
    return replace(
        before,
        on_error=said["on_error"],
        enabled=said["enabled"],
        timeout=said["timeout_ms"] / 1000 if said["timeout_ms"] else None,
        only_clients=tuple(said["only_clients"]),
    )
