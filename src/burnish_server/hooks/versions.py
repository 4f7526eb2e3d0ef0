"""Versions of hooks: each save keeps the hook as it then was; any of them can be had back."""

from typing import Any

from django.db.models import Max

from burnish_server.hooks.models import Hook, Version

SETTINGS = (
    "events",
    "kind",
    "url",
    "isolation",
    "on_error",
    "timeout_ms",
    "only_clients",
    "enabled",
    "modules",
)
"""What a version holds beside the script."""


def settings_of(hook: Hook) -> dict[str, Any]:
    """Return what a hook is set to, by name."""
    return {name: getattr(hook, name) for name in SETTINGS}


def keep(hook: Hook, by: str) -> Version | None:
    """Keep a saved hook as a version of its own; None where nothing of it has changed.

    Call it in the transaction that saves the hook.
    """
    last = hook.versions.first()
    settings = settings_of(hook)
    if last and (last.script, last.settings) == (hook.script, settings):
        return None
    number = (hook.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    return Version.objects.create(
        hook=hook, number=number, script=hook.script, settings=settings, saved_by=by[:320]
    )


def restore(version: Version, by: str) -> Hook:
    """Make a hook what it was in a version, which is kept as a new one."""
    hook = version.hook
    hook.script = version.script
    for name in SETTINGS:
        setattr(hook, name, version.settings[name])
    hook.problems = []
    hook.save()
    keep(hook, by)
    return hook
