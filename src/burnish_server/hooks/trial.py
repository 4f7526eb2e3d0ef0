"""Trying a hook: it is called in earnest, and nothing of what it says is written."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from burnish.attributes.schema import Schema
from burnish.attributes.value import same
from burnish.events.catalogue import CATALOGUE
from burnish.events.oidc import TokenPreCreate
from burnish.hooks import claims, mutation, reading
from burnish.hooks.context import HookContext
from burnish.hooks.course import Course
from burnish.hooks.hook import Hook
from burnish.hooks.mutation import Draft
from burnish.hooks.outcome import Denied, HookRun
from burnish.hooks.redaction import redacted, redacted_json
from burnish.hooks.trouble import Trouble
from burnish_server import engine
from burnish_server.roles import store as roles


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute or claim, before and after; None where it has no value."""

    name: str
    before: Any
    after: Any

    @property
    def changed(self) -> bool:
        """Whether the hook changed it."""
        return not same(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a hook, and what would have become of what the event is about."""

    run: HookRun
    rows: tuple[Row, ...] = ()
    refused: Trouble | None = None
    denied: Denied | None = None


def of(hook: Hook, envelope: Mapping[str, Any], schema: Schema, seconds: float) -> Trial:
    """Call a hook with an event, and return what it would have done. Nothing is written.

    The hook's secrets are masked in all it says.
    """
    return _masked(_tried(hook, envelope, schema, seconds), tuple(hook.context.secrets.values()))


def _tried(hook: Hook, envelope: Mapping[str, Any], schema: Schema, seconds: float) -> Trial:
    tried = replace(hook, context=HookContext(hook.context.secrets, enrich=hook.context.enrich))
    started_at = datetime.now(UTC)
    reply = engine.run(
        lambda running: running.dispatcher.call(tried, envelope, seconds), timeout=seconds + 2
    )
    event = CATALOGUE[envelope["type"]]
    if not event.blocking:
        return Trial(reading.told(hook, event.type, reply, started_at))
    run, verdict = reading.read(hook, event, reply, started_at, schema)
    if isinstance(verdict, Denied):
        return Trial(run, denied=verdict)
    payload = envelope["payload"]
    if issubclass(event, TokenPreCreate):
        before = payload[event.member]["payload"]
        after = verdict.mutation(event.member).get("payload", before)
        return Trial(run, _rows(before, after), claims.refusal(before, after))
    if "user" not in payload or run.trouble:
        return Trial(run)
    start = mutation.begin(payload["user"])
    draft = mutation.apply(start, hook.name, verdict.user, schema)
    rows = _rows(_values(start), _values(draft))
    refused = Course(draft=draft).refused(schema, roles.known())
    return Trial(run, rows, refused.get(hook.name))


def _masked(trial: Trial, secrets: Collection[str]) -> Trial:
    """Return a trial with these values masked, wherever they stand in it."""
    if not secrets:
        return trial
    run, denied = trial.run, trial.denied
    told = replace(
        run,
        console=redacted(run.console, secrets),
        answer=redacted_json(run.answer, secrets),
        dropped=tuple(redacted(name, secrets) for name in run.dropped),
        trouble=_trouble(run.trouble, secrets),
    )
    rows = tuple(
        Row(*(redacted_json(part, secrets) for part in (row.name, row.before, row.after)))
        for row in trial.rows
    )
    if denied is not None:
        title, reason = redacted(denied.title, secrets), redacted(denied.reason, secrets)
        denied = Denied(denied.event, title, reason, (told,))
    return Trial(told, rows, _trouble(trial.refused, secrets), denied)


def _trouble(trouble: Trouble | None, secrets: Collection[str]) -> Trouble | None:
    if trouble is None:
        return None
    info = redacted_json(trouble.info, secrets)
    return replace(trouble, message=redacted(trouble.message, secrets), info=info)


def _values(draft: Draft) -> dict[str, Any]:
    memberships = {member: list(keys) or None for member, keys in draft.memberships.items()}
    return {**draft.standard, **draft.custom, **memberships}


def _rows(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Row, ...]:
    return tuple(Row(name, before.get(name), after.get(name)) for name in {**before, **after})
