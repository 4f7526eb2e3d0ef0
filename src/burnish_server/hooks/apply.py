"""Hooks from a configuration file into the database."""

from collections.abc import Sequence

from burnish.hooks import hook as library
from burnish_server.hooks.models import Hook, TimeLimits


def apply(hooks: Sequence[library.Hook], limits: library.TimeLimits | None) -> list[str]:
    """Write the hooks, matched by name, and return a line for each that changed.

    Call it in a transaction. Hooks the file does not name stay as they are.
    """
    lines = []
    for position, given in enumerate(hooks):
        stored = Hook.objects.filter(name=given.name).first()
        if stored and stored.as_hook() == given and stored.position == position:
            continue
        Hook.objects.update_or_create(
            name=given.name,
            defaults={
                "event": given.event,
                "script": given.script,
                "problems": [],
                "on_error": given.on_error,
                "position": position,
            },
        )
        lines.append(f"hook {given.name}: {'changed' if stored else 'added'}")
    if limits:
        stored_limits = TimeLimits.current()
        if (stored_limits.hook_seconds, stored_limits.event_seconds) != (limits.hook, limits.event):
            TimeLimits(hook_seconds=limits.hook, event_seconds=limits.event).save()
            lines.append(f"time limits: {limits.hook:g} s a hook, {limits.event:g} s an event")
    return lines
