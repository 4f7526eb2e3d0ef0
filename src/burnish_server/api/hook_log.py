"""The hook log: what each hook did, when and why."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from burnish_server.api.auth import Key
from burnish_server.api.moment import Moment
from burnish_server.api.paging import Page, Paging, page
from burnish_server.api.pointing import clean, missing
from burnish_server.api_keys.scope import HOOKS_READ
from burnish_server.hooks.models import Run

router = Router(tags=["hook log"])


class HookRunsWanted(Paging):
    """Which runs are wanted; what is left out leaves nothing out."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    hook: str = Field("", max_length=60)
    event: str = Field("", max_length=60)
    outcome: Run.Outcome | None = None
    user_id: UUID | None = None
    since: Moment | None = None
    until: Moment | None = None


class HookRunLine(Schema):
    """One call of one hook. Values of sensitive attributes and of secrets are masked."""

    id: int
    hook: str = Field(examples=["geo"])
    event: str = Field(examples=["user.pre_create"])
    event_seq: int
    user_id: UUID | None
    outcome: str = Field(examples=["allowed"])
    started_at: datetime
    ms: float
    error_code: str
    error: str
    line: int | None


class HookRun(HookRunLine):
    """A call with its answer, what it printed, and whom it called."""

    answer: Any = None
    console: str
    console_truncated: bool
    dropped: list[str]
    requests: list[dict[str, Any]]


@router.get("/hook-runs", response=Page[HookRunLine], auth=Key(HOOKS_READ))
def list_runs(request: HttpRequest, response: HttpResponse, wanted: Query[HookRunsWanted]) -> Any:
    """List what hooks did, the latest first."""
    exact = {
        "hook_name": clean(wanted.hook),
        "event_type": clean(wanted.event),
        "outcome": wanted.outcome,
        "user_id": wanted.user_id,
        "started_at__gte": wanted.since,
        "started_at__lt": wanted.until,
    }
    rows = Run.objects.filter(**{name: value for name, value in exact.items() if value})
    return page(request, response, rows, ("-started_at", "-id"), wanted, _lines)


@router.get("/hook-runs/{id}", response=HookRun, auth=Key(HOOKS_READ))
def read_run(request: HttpRequest, id: int) -> dict[str, Any]:
    """Read one call with everything that is known of it."""
    run = Run.objects.filter(pk=id).first() if 0 < id < 2**63 else None
    if run is None:
        raise missing("run", str(id))
    return {
        **_line(run),
        "answer": run.answer,
        "console": run.console,
        "console_truncated": run.console_truncated,
        "dropped": run.dropped,
        "requests": [
            {"host": host, "status": status, "ms": ms} for host, status, ms in run.requests
        ],
    }


def _lines(runs: Sequence[Run]) -> Iterable[dict[str, Any]]:
    return map(_line, runs)


def _line(run: Run) -> dict[str, Any]:
    return {
        "id": run.pk,
        "hook": run.hook_name,
        "event": run.event_type,
        "event_seq": run.event_seq,
        "user_id": run.user_id,
        "outcome": run.outcome,
        "started_at": run.started_at,
        "ms": round(run.duration_ms, 3),
        "error_code": run.error_code,
        "error": run.error_message,
        "line": run.error_line,
    }
