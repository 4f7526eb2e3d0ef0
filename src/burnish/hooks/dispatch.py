"""Calling a hook, of whatever kind."""

from collections.abc import Mapping
from typing import Any

from burnish.hooks import plugin_call
from burnish.hooks.hook import Hook
from burnish.hooks.plugin import Plugin
from burnish.hooks.reply import Reply, with_storable_texts
from burnish.hooks.runtime import ScriptRuntime
from burnish.hooks.script import Script, ScriptFault, ScriptRun
from burnish.hooks.trouble import Trouble
from burnish.hooks.webhook import Webhook
from burnish.hooks.webhooks import Webhooks


class Dispatcher:
    """Calls scripts, webhooks and plugins; everything happens on one event loop."""

    def __init__(self, runtime: ScriptRuntime, webhooks: Webhooks) -> None:
        """Keep what runs scripts, and what posts to webhooks."""
        self._runtime = runtime
        self._webhooks = webhooks

    async def call(self, hook: Hook, envelope: Mapping[str, Any], seconds: float) -> Reply:
        """Call a hook with an event and return what came of it, within `seconds`.

        Raises nothing for a fault of the hook.
        """
        return with_storable_texts(await self._call(hook, envelope, seconds))

    async def _call(self, hook: Hook, envelope: Mapping[str, Any], seconds: float) -> Reply:
        match hook.target:
            case Script() as script:
                run = await self._runtime.call(script, envelope, hook.context, timeout=seconds)
                return _of_script(run)
            case Webhook() as webhook:
                return await self._webhooks.post(
                    webhook, envelope, seconds, wants_answer=hook.blocking
                )
            case Plugin() as plugin:
                return await plugin_call.call(plugin, envelope, hook.context, seconds)


def _of_script(run: ScriptRun) -> Reply:
    trouble = _script_trouble(run.fault) if run.fault else None
    return Reply(run.output, trouble, run.ms, run.console, run.truncated, run.requests)


def _script_trouble(fault: ScriptFault) -> Trouble:
    if fault.code == "output_not_json":
        return Trouble("InternalError", "HookInvalidResponse", 500, fault.message, fault.line)
    if fault.code == "timeout":
        return Trouble("InternalError", "UnexpectedError", 500, fault.message, fault.line)
    if fault.code == "runtime_unavailable":
        return Trouble("InternalError", "HookDeliveryUnknownFailure", 500, fault.message)
    return Trouble("BadRequest", "DenoRunError", 400, fault.message, fault.line)
