"""Hooks from a configuration file into the database."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import connection

from burnish.config import Config, Plan, in_order
from burnish.hooks import hook as library
from burnish.hooks.modules import pin
from burnish.hooks.plugin import Plugin
from burnish.hooks.script import Script
from burnish.hooks.webhook import Webhook
from burnish.outbound import Outbound
from burnish_server.audit.log import Actor, record
from burnish_server.hooks import signing, store, versions
from burnish_server.hooks.models import Hook, TimeLimits

_KINDS: dict[type, str] = {Script: "script", Webhook: "webhook", Plugin: "plugin"}


def plan(config: Config) -> Plan:
    """Return what a file would change. Writes nothing."""
    stored = {hook.name: hook.as_hook() for hook in Hook.objects.all()}
    lines = [*_limit_lines(config)]
    for hook in config.hooks:
        before = stored.get(hook.name)
        if before is None:
            lines.append(f"+ hook {hook.name} ({', '.join(hook.events) or 'no event'})")
        elif words := _differences(before, hook):
            lines.append(f"~ hook {hook.name}: {'; '.join(words)}")
    for event, order in _orders(config).items():
        lines.append(f"~ order of hooks at {event}: {', '.join(order)}")
    given = {hook.name for hook in config.hooks}
    kept = [f"hook {name}" for name in stored if name not in given]
    return Plan(lines=tuple(lines), kept=tuple(kept))


def fetch(config: Config) -> Config:
    """Return a file with what its new and changed scripts import, fetched to be kept with them.

    Not to be called inside a transaction. Raises `NotPinned`.
    """
    stored = {hook.name: _script(hook.as_hook()) for hook in Hook.objects.all()}
    connection.close()
    return replace(config, hooks=tuple(asyncio.run(_fetched(config.hooks, stored))))


async def _fetched(hooks: Iterable[library.Hook], stored: Mapping[str, str]) -> list[library.Hook]:
    options = settings.BURNISH.outbound
    outbound = Outbound.parse(options.allow_private, options.rewrites)
    fetched = []
    for hook in hooks:
        script = hook.target
        if isinstance(script, Script) and stored.get(hook.name) != script.source:
            target = replace(script, modules=await pin(script, outbound))
            fetched.append(replace(hook, target=target))
        else:
            fetched.append(hook)
    return fetched


def apply(config: Config, actor: Actor) -> None:
    """Write the hooks, matched by name, and the time limits. Call it in a transaction.

    Hooks the file does not name stay as they are.
    """
    orders = _orders(config)
    for given in config.hooks:
        stored = Hook.objects.filter(name=given.name).first()
        if stored is None or _differences(stored.as_hook(), given):
            put(given, stored, actor)
    for event, order in orders.items():
        _reorder(order)
        record(actor, "reordered", "hook", "", event, {"after": order})
    _limit(config, actor)


def put(
    given: library.Hook,
    stored: Hook | None,
    actor: Actor,
    problems: Iterable[Mapping[str, Any]] = (),
) -> Hook:
    """Write one hook, new or changed, and keep it as a version. Call it in a transaction.

    `problems` is what the checker said of its script.
    """
    before = stored.as_hook() if stored else None
    row = stored or Hook(name=given.name, position=Hook.objects.count())
    script = _script(given)
    if before is None or _script(before) != script:
        row.script, row.problems, row.modules = script, list(problems), _modules(given)
    row.kind = _KINDS[type(given.target)]
    row.url = given.target.url if isinstance(given.target, Webhook) else ""
    row.isolation = given.target.isolation if isinstance(given.target, Script) else "reuse"
    row.events, row.on_error, row.enabled = list(given.events), given.on_error, given.enabled
    row.timeout_ms = round(given.timeout * 1000) if given.timeout else None
    row.only_clients = list(given.only_clients)
    row.save()
    versions.keep(row, actor.name)
    if row.kind == Hook.Kind.WEBHOOK:
        signing.ensure()
    detail: dict[str, Any] = {"after": _settings(given)}
    if before:
        detail = {"before": _settings(before)} | detail
        if _script(before) != script:
            detail["script"] = "changed"
    record(actor, "changed" if before else "added", "hook", row.pk, row.name, detail)
    return row


def remove(row: Hook, actor: Actor) -> None:
    """Remove a hook; its log stays. Call it in a transaction."""
    before, pk = _settings(row.as_hook()), row.pk
    row.delete()
    record(actor, "removed", "hook", pk, row.name, {"before": before})


def reorder(names: list[str], actor: Actor) -> None:
    """Put the hooks into an order that names all of them. Call it in a transaction."""
    _reorder(names)
    record(actor, "reordered", "hook", "", "hooks", {"after": names})


def _orders(config: Config) -> dict[str, list[str]]:
    """Return the order of the hooks of each blocking event whose order the file changes."""
    orders = {}
    for event in {hook.events[0]: None for hook in config.hooks if hook.blocking}:
        given = [hook.name for hook in config.hooks if hook.events == (event,)]
        present = list(Hook.objects.filter(events=[event]).values_list("name", flat=True))
        order = in_order(present, given)
        if order != present + [name for name in order if name not in present]:
            orders[event] = order
    return orders


def _reorder(order: list[str]) -> None:
    hooks = list(Hook.objects.all())
    names = in_order([hook.name for hook in hooks], order)
    for hook in hooks:
        hook.position = names.index(hook.name)
    Hook.objects.bulk_update(hooks, ["position"])


def _limit(config: Config, actor: Actor) -> None:
    before, after = _limits(config)
    if before != after:
        TimeLimits(
            hook_seconds=after.hook, event_seconds=after.event, deferred_seconds=after.deferred
        ).save()
        detail = {"before": _seconds(before), "after": _seconds(after)}
        record(actor, "changed", "time limits", "1", "time limits", detail)


def _limits(config: Config) -> tuple[library.TimeLimits, library.TimeLimits]:
    before = store.limits()
    return before, config.hook.limits(before) if config.hook else before


def _limit_lines(config: Config) -> Iterator[str]:
    before, after = _limits(config)
    words = [
        f"{name} {old:g} s -> {new:g} s"
        for name, old, new in (
            ("one hook", before.hook, after.hook),
            ("all hooks of an event", before.event, after.event),
            ("a hook that may answer later", before.deferred, after.deferred),
        )
        if old != new
    ]
    if words:
        yield f"~ time limits: {'; '.join(words)}"


def _differences(before: library.Hook, after: library.Hook) -> list[str]:
    old, new = _settings(before), _settings(after)
    words = [f"{name} {old[name]} -> {new[name]}" for name in old if old[name] != new[name]]
    if _script(before) != _script(after):
        sizes = [len(_script(hook).splitlines()) for hook in (before, after)]
        words.append(f"script changed ({sizes[0]} -> {sizes[1]} lines)")
    return words


def _script(hook: library.Hook) -> str:
    return hook.target.source if isinstance(hook.target, Script) else ""


def _modules(hook: library.Hook) -> list[list[str]]:
    modules = hook.target.modules if isinstance(hook.target, Script) else ()
    return [[module.specifier, module.source] for module in modules]


def _settings(hook: library.Hook) -> Mapping[str, str]:
    """Return what a hook is set to beside its script, in words."""
    target = hook.target
    blocking = {"on_error": hook.on_error} if hook.blocking else {"on_error": "-"}
    return {
        "events": ", ".join(hook.events) or "none",
        "address": target.url if isinstance(target, Webhook) else "-",
        **blocking,
        "enabled": "yes" if hook.enabled else "no",
        "time limit": f"{hook.timeout:g} s" if hook.timeout else "the usual",
        "clients": ", ".join(hook.only_clients) or "all",
        "isolation": target.isolation if isinstance(target, Script) else "-",
    }


def _seconds(limits: library.TimeLimits) -> dict[str, float]:
    return {"hook": limits.hook, "event": limits.event, "deferred": limits.deferred}
