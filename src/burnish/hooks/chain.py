"""The hooks of one blocking event, asked one after the other."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from burnish.attributes.faults import Fault
from burnish.attributes.schema import Schema
from burnish.attributes.standard import IDENTITY_COUPLED
from burnish.events.context import Context
from burnish.events.event import Event, envelope
from burnish.hooks import mutation, verdict
from burnish.hooks.hook import Hook, TimeLimits
from burnish.hooks.outcome import Denied, Failed, HookRun, Outcome, Passed, Trouble, invalid_values
from burnish.hooks.script import Script, ScriptFault, ScriptRun

_UNOWNED = "belongs to none of the user's identities"

Call = Callable[[Script, Mapping[str, Any], float], Awaitable[ScriptRun]]
"""Run a script on an envelope within seconds."""


@dataclass(frozen=True, slots=True)
class _Answer:
    hook: Hook
    run: HookRun
    mutation: Mapping[str, Any]


async def ask(
    event: Event,
    seq: int,
    context: Context,
    hooks: Sequence[Hook],
    schema: Schema,
    limits: TimeLimits,
    call: Call,
) -> Outcome:
    """Ask the hooks in order, each with the user as the earlier ones left it.

    The first refusal ends the chain; so does a failure, unless the hook may fail. Values are
    checked once all have answered. No hook is given longer than is left of the event's time.
    """
    payload = event.payload()
    answers: list[_Answer] = []
    draft = mutation.begin(payload["user"])
    ends_at = time.monotonic() + limits.event
    for hook in (hook for hook in hooks if hook.enabled):
        seconds = min(limits.hook, ends_at - time.monotonic())
        if seconds <= 0:
            return Failed(_total_timeout(limits), tuple(answer.run for answer in answers))
        user = draft.as_payload(payload["user"])
        body = envelope(event.type, {**payload, "user": user}, seq, context)
        started_at = datetime.now(UTC)
        run = await call(hook.as_script(), body, seconds)
        answer = _read(hook, event, run, started_at, schema)
        if isinstance(answer, Denied):
            return replace(answer, runs=(*(a.run for a in answers), *answer.runs))
        answers.append(answer)
        if answer.run.trouble and hook.on_error == "deny":
            return Failed(answer.run.trouble, tuple(a.run for a in answers))
        draft = mutation.apply(draft, hook.name, answer.mutation, schema)
    return _settle(mutation.begin(payload["user"]), answers, schema)


def _read(
    hook: Hook, event: Event, run: ScriptRun, started_at: datetime, schema: Schema
) -> _Answer | Denied:
    record = HookRun(
        hook.name, event.type, "allowed", started_at, run.ms, run.console, run.truncated
    )
    if run.fault:
        trouble = _script_trouble(run.fault)
        return _Answer(hook, replace(record, outcome="failed", trouble=trouble), {})
    match verdict.read(run.output, event.may_return):
        case verdict.Deny(title, reason):
            return Denied(event.type, title, reason, (replace(record, outcome="denied"),))
        case verdict.Invalid(faults):
            trouble = _invalid_answer(faults)
            return _Answer(hook, replace(record, outcome="failed", trouble=trouble), {})
        case verdict.Allow() as allow:
            if unknown := _unknown_keys(allow.user):
                return _Answer(hook, replace(record, outcome="failed", trouble=unknown), {})
            dropped = mutation.dropped(allow.user, schema)
            return _Answer(hook, replace(record, dropped=dropped), allow.user)


def _settle(start: mutation.Draft, answers: list[_Answer], schema: Schema) -> Outcome:
    """Return the outcome of a chain whose hooks all answered.

    Where a hook that may fail wrote what the schema refuses, its answer counts as a failure and
    the rest stands as if it had not spoken.
    """
    while True:
        draft = start
        for answer in answers:
            draft = mutation.apply(draft, answer.hook.name, answer.mutation, schema)
        refused = _refused(draft, schema)
        if not refused:
            return Passed(draft, tuple(answer.run for answer in answers))
        hooks = {answer.hook.name: answer.hook for answer in answers}
        culprit = next((name for name in refused if hooks[name].on_error == "deny"), None)
        blamed = culprit or next(iter(refused))
        trouble = _refusal(refused[blamed])
        answers = [
            _Answer(a.hook, replace(a.run, outcome="failed", trouble=trouble), {})
            if a.hook.name == blamed
            else a
            for a in answers
        ]
        if culprit:
            return Failed(trouble, tuple(answer.run for answer in answers))


def _refused(draft: mutation.Draft, schema: Schema) -> dict[str, list[Fault]]:
    """Return, by hook, what it wrote that the schema refuses."""
    faults: dict[str, list[Fault]] = {}
    for (group, name), hook in draft.written_by.items():
        values = draft.standard if group == "standard" else draft.custom
        if name not in values:
            continue
        only = {name: values[name]}
        found = schema.validate(*((only, {}) if group == "standard" else ({}, only)))
        if group == "standard" and name in IDENTITY_COUPLED and not found:
            found = [Fault(f"/{name}", _UNOWNED)]
            found = [] if draft.owned.get(name) == values[name] else found
        if found:
            faults.setdefault(hook, []).extend(found)
    return faults


def _refusal(faults: list[Fault]) -> Trouble:
    unowned = [fault for fault in faults if fault.message == _UNOWNED]
    if unowned:
        name = unowned[0].path.removeprefix("/")
        message = f"unowned {name}: a hook may not give a user somebody else's"
        return Trouble("InternalError", "UnexpectedError", 500, message)
    return invalid_values(faults)


def _script_trouble(fault: ScriptFault) -> Trouble:
    if fault.code == "output_not_json":
        return Trouble("InternalError", "HookInvalidResponse", 500, fault.message, fault.line)
    if fault.code == "timeout":
        return Trouble("InternalError", "UnexpectedError", 500, fault.message, fault.line)
    if fault.code == "runtime_unavailable":
        return Trouble("InternalError", "HookDeliveryUnknownFailure", 500, fault.message)
    return Trouble("BadRequest", "DenoRunError", 400, fault.message, fault.line)


def _invalid_answer(faults: tuple[Fault, ...]) -> Trouble:
    message = "invalid answer: " + "; ".join(str(fault) for fault in faults)
    causes = [
        {"location": fault.path, "kind": "general", "details": {"msg": fault.message}}
        for fault in faults
    ]
    return Trouble("InternalError", "HookInvalidResponse", 500, message, info={"causes": causes})


def _unknown_keys(user: Mapping[str, Any]) -> Trouble | None:
    for member, noun in (("roles", "Role"), ("groups", "Group")):
        if keys := user.get(member):
            message = f"unknown {noun.lower()} keys: {', '.join(keys)}"
            return Trouble("NotFound", f"{noun}UnknownKeys", 404, message)
    return None


def _total_timeout(limits: TimeLimits) -> Trouble:
    limit = int(limits.event * 1e9)
    return Trouble(
        "InternalError",
        "HookDeliveryTimeout",
        500,
        f"the hooks of this event took longer than {limits.event:g} s together",
        info={"elapsed": limit, "limit": limit},
    )
