"""Trying a hook: it is called in earnest with an event, and nothing of what it says is written."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from burnish.attributes.faults import Fault, InvalidValues
from burnish.events import envelopes
from burnish.events.catalogue import ALL, CATALOGUE, NON_BLOCKING
from burnish.events.samples import sample
from burnish_server.api import hooks
from burnish_server.api.auth import Key
from burnish_server.api.deed import record
from burnish_server.api_keys.scope import HOOKS_WRITE
from burnish_server.hooks import masking, store, trial
from burnish_server.hooks.models import Hook
from burnish_server.profiles import store as profiles

router = Router(tags=["hooks"])


class HookTrial(Schema):
    """What to try it with: an event as hooks get it, or the sample of a type."""

    model_config = ConfigDict(extra="forbid")

    event: dict[str, Any] | None = None
    type: str = Field("", max_length=100, examples=["user.pre_create"])


class HookTrialRow(Schema):
    """One attribute or claim, before and after."""

    name: str
    before: Any = None
    after: Any = None
    changed: bool


class HookTried(Schema):
    """What came of it, and what would have become of what the event is about."""

    outcome: str = Field(examples=["allowed"])
    ms: float
    answer: Any = None
    console: str
    error: str
    line: int | None
    dropped: list[str]
    requests: list[dict[str, Any]]
    rows: list[HookTrialRow]
    refused: str
    denied: dict[str, str] | None


@router.post("/hooks/{name}/test", response=HookTried, auth=Key(HOOKS_WRITE))
def test_hook(request: HttpRequest, name: str, given: HookTrial) -> dict[str, Any]:
    """Call a hook with an event. Values of sensitive attributes are masked in what it says."""
    row = hooks.one(name)
    event = _event(row, given)
    ready = store.equipped(Hook.objects.filter(pk=row.pk))[row.pk]
    names = masking.names()
    schema, limit = profiles.schema(), ready.timeout or store.limits().hook
    record(request, "tested", "hook", row.pk, row)
    tried = trial.of(ready, event, schema, limit)
    hidden = store.hidden_in(tried.run, ready, event, names)
    return _shown(tried, names, hidden)


def _event(row: Hook, given: HookTrial) -> dict[str, Any]:
    if given.event is not None:
        if refusal := envelopes.refuse(given.event):
            raise InvalidValues([Fault("/event", refusal)])
        return given.event
    types = list(NON_BLOCKING) if row.events == [ALL] else row.events
    wanted = given.type or (types[0] if types else "user.created")
    if wanted not in CATALOGUE:
        raise InvalidValues([Fault("/type", f"there is no event {wanted}")])
    return dict(sample(wanted))


def _shown(tried: trial.Trial, names: masking.Names, hidden: set[str]) -> dict[str, Any]:
    run = tried.run
    return {
        "outcome": run.outcome,
        "ms": round(run.ms, 3),
        "answer": masking.masked(run.answer, names),
        "console": masking.redacted(run.console, hidden),
        "error": masking.redacted(run.trouble.message, hidden) if run.trouble else "",
        "line": run.trouble.line if run.trouble else None,
        "dropped": list(run.dropped),
        "requests": [
            {"host": one.host, "status": one.status, "ms": round(one.ms, 3)} for one in run.requests
        ],
        "rows": [
            {
                "name": one.name,
                "before": masking.MASK if one.name in names and one.before else one.before,
                "after": masking.MASK if one.name in names and one.after else one.after,
                "changed": one.changed,
            }
            for one in tried.rows
        ],
        "refused": tried.refused.message if tried.refused else "",
        "denied": {"title": tried.denied.title, "reason": tried.denied.reason}
        if tried.denied
        else None,
    }
