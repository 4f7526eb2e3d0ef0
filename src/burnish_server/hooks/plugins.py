"""Plugins' rows: a plugin is declared in code, and switched, ordered and watched as any hook."""

from django.db import transaction

from burnish.hooks.plugin import registered
from burnish_server.hooks import versions
from burnish_server.hooks.models import Hook


def sync() -> None:
    """Give each registered plugin its row; the events follow the code, the rest is kept.

    The row of a plugin that is gone stays: what it guarded is not left unguarded in silence.
    """
    declared = registered()
    if not declared:
        return
    with transaction.atomic():
        rows = {hook.name: hook for hook in Hook.objects.filter(name__in=declared)}
        for name, one in declared.items():
            row = rows.get(name)
            if row is None:
                row = Hook(
                    name=name,
                    kind=Hook.Kind.PLUGIN,
                    on_error=one.on_error,
                    timeout_ms=round(one.timeout * 1000) if one.timeout else None,
                    position=Hook.objects.count(),
                )
            elif row.kind == Hook.Kind.PLUGIN and row.events == list(one.events):
                continue
            row.kind, row.events = Hook.Kind.PLUGIN, list(one.events)
            row.script = row.url = ""
            row.save()
            versions.keep(row, "plugin")
