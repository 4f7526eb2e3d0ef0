"""A hook's reply to a blocking event, read as a verdict."""

from dataclasses import replace
from datetime import datetime

from burnish.attributes import storable
from burnish.attributes.faults import Fault
from burnish.attributes.schema import Schema
from burnish.events.event import Event
from burnish.hooks import mutation, verdict
from burnish.hooks.hook import Hook
from burnish.hooks.outcome import Denied, HookRun
from burnish.hooks.reply import Reply
from burnish.hooks.trouble import Trouble
from burnish.hooks.verdict import Allow


def read(
    hook: Hook, event: Event | type[Event], reply: Reply, started_at: datetime, schema: Schema
) -> tuple[HookRun, Allow | Denied]:
    """Return what is recorded of the call, and the verdict; an empty one after a failure."""
    run = HookRun(
        hook.name,
        event.type,
        "allowed",
        started_at,
        reply.ms,
        reply.console,
        reply.truncated,
        trouble=reply.trouble,
        answer=storable.cleaned(reply.body),
        requests=reply.requests,
    )
    if reply.trouble:
        return replace(run, outcome="failed"), Allow()
    if fault := storable.fault(reply.body):
        return replace(run, outcome="failed", trouble=_invalid((fault,))), Allow()
    match verdict.read(reply.body, event.may_return):
        case verdict.Deny(title, reason):
            run = replace(run, outcome="denied")
            return run, Denied(event.type, title, reason, (run,))
        case verdict.Invalid(faults):
            return replace(run, outcome="failed", trouble=_invalid(faults)), Allow()
        case verdict.Allow() as allow:
            return replace(run, dropped=mutation.dropped(allow.user, schema)), allow


def told(hook: Hook, event: str, reply: Reply, started_at: datetime) -> HookRun:
    """Return what is recorded of a hook that was told of an event; its answer means nothing."""
    return HookRun(
        hook.name,
        event,
        "failed" if reply.trouble else "delivered",
        started_at,
        reply.ms,
        reply.console,
        reply.truncated,
        trouble=reply.trouble,
        requests=reply.requests,
    )


def _invalid(faults: tuple[Fault, ...]) -> Trouble:
    message = "invalid answer: " + "; ".join(str(fault) for fault in faults)
    causes = [
        {"location": fault.path, "kind": "general", "details": {"msg": fault.message}}
        for fault in faults
    ]
    return Trouble("InternalError", "HookInvalidResponse", 500, message, info={"causes": causes})
