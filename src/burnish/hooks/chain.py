"""The hooks of one blocking event, asked one after the other."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from burnish.attributes.schema import Schema
from burnish.events.context import Context
from burnish.events.event import Event, envelope
from burnish.hooks import course, reading
from burnish.hooks.hook import Hook, TimeLimits
from burnish.hooks.membership import Known
from burnish.hooks.outcome import Deferred, Denied, Failed, HookRun, Outcome, Passed
from burnish.hooks.reply import Reply
from burnish.hooks.trouble import Trouble
from burnish.hooks.verdict import Allow

PATIENCE = 60.0
"""Seconds a hook that is deferred may take in all."""

Call = Callable[[Hook, Mapping[str, Any], float], Awaitable[Reply]]
"""Call a hook with an envelope within seconds."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a hook said, or the trouble with it; `deferred` where it was not waited for."""

    hook: Hook
    run: HookRun
    allow: Allow = field(default_factory=Allow)
    deferred: Deferred | None = None


async def ask(
    event: Event,
    seq: int,
    context: Context,
    hooks: Sequence[Hook],
    schema: Schema,
    limits: TimeLimits,
    call: Call,
    known: Known = Known(),  # noqa: B008 - it never changes
) -> Outcome:
    """Ask the hooks in order, each with the event as the earlier ones left it.

    The first refusal ends the chain; so does a failure, unless the hook may fail. Values are
    checked once all have answered, and roles and groups against those that are `known`. No hook is
    given longer than is left of the event's time, and one that may be deferred no longer than that
    takes.
    """
    payload = event.payload()
    start = course.begin(event, payload)
    answers: list[_Answer] = []
    outcome: Outcome | None = None
    now = start
    ends_at = time.monotonic() + limits.event
    for hook in (hook for hook in hooks if hook.enabled and hook.hears(context.client_id)):
        body = envelope(event.type, now.payload(event, payload), seq, context.as_json())
        seconds = _seconds(hook, limits, ends_at)
        if seconds > 0:
            answer = await _ask(hook, event, body, schema, seconds, call)
        else:
            answer = _unasked(hook, event, body, limits)
        if isinstance(answer, Denied):
            outcome = replace(answer, runs=(*(a.run for a in answers), *answer.runs))
            break
        answers.append(answer)
        if answer.run.trouble and hook.on_error == "deny":
            outcome = Failed(answer.run.trouble, tuple(a.run for a in answers))
            break
        now = now.after(event, hook.name, answer.allow, schema)
    outcome = outcome or _settle(event, start, answers, schema, known)
    if not isinstance(outcome, Passed):
        _abandon(answers)
    return outcome


def _seconds(hook: Hook, limits: TimeLimits, ends_at: float) -> float:
    usual = limits.deferred if hook.on_error == "defer" else limits.hook
    return min(hook.timeout or usual, ends_at - time.monotonic())


async def _ask(
    hook: Hook, event: Event, body: Mapping[str, Any], schema: Schema, seconds: float, call: Call
) -> _Answer | Denied:
    started_at = datetime.now(UTC)
    late = Deferred(hook, body, started_at)
    if hook.on_error == "defer":
        task = asyncio.ensure_future(call(hook, body, PATIENCE))
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if not done:
            run = HookRun(hook.name, event.type, "deferred", started_at, seconds * 1000)
            return _Answer(hook, run, deferred=replace(late, reply=task))
        reply = task.result()
    else:
        reply = await call(hook, body, seconds)
    run, verdict = reading.read(hook, event, reply, started_at, schema)
    if isinstance(verdict, Denied):
        return verdict
    if run.trouble and hook.on_error == "defer":
        return _Answer(hook, run, deferred=late)
    return _Answer(hook, run, verdict)


def _settle(
    event: Event, start: course.Course, answers: list[_Answer], schema: Schema, known: Known
) -> Outcome:
    """Return the outcome of a chain whose hooks all answered.

    Where a hook that may fail wrote what cannot stand, its answer counts as a failure and the rest
    stands as if it had not spoken.
    """
    while True:
        end = start
        for answer in answers:
            end = end.after(event, answer.hook.name, answer.allow, schema)
        refused = end.refused(schema, known)
        if not refused:
            deferred = tuple(a.deferred for a in answers if a.deferred)
            runs = tuple(answer.run for answer in answers)
            return Passed(end.draft, runs, end.requirements, end.claims, deferred)
        hooks = {answer.hook.name: answer.hook for answer in answers}
        culprit = next((name for name in refused if hooks[name].on_error == "deny"), None)
        blamed = culprit or next(iter(refused))
        answers = [
            _Answer(a.hook, replace(a.run, outcome="failed", trouble=refused[blamed]))
            if a.hook.name == blamed
            else a
            for a in answers
        ]
        if culprit:
            return Failed(refused[blamed], tuple(answer.run for answer in answers))


def _abandon(answers: Iterable[_Answer]) -> None:
    for answer in answers:
        if answer.deferred and answer.deferred.reply:
            answer.deferred.reply.cancel()


def _unasked(hook: Hook, event: Event, body: Mapping[str, Any], limits: TimeLimits) -> _Answer:
    limit = int(limits.event * 1e9)
    message = f"the hooks of this event took longer than {limits.event:g} s together"
    trouble = Trouble(
        "InternalError",
        "HookDeliveryTimeout",
        500,
        message,
        info={"elapsed": limit, "limit": limit},
    )
    now = datetime.now(UTC)
    run = HookRun(hook.name, event.type, "failed", now, 0.0, trouble=trouble)
    late = Deferred(hook, body, now) if hook.on_error == "defer" else None
    return _Answer(hook, run, deferred=late)
