"""User imports: any number of users, sent as NDJSON or CSV and taken in by a worker."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field
from pydantic_core import to_json

from burnish_server.api import deed, sent
from burnish_server.api.auth import Key
from burnish_server.api.paging import Page, Paging, page
from burnish_server.api.problems import Problem
from burnish_server.api_keys.scope import USERS_IMPORT
from burnish_server.imports import store
from burnish_server.imports.models import Outcome, Run
from burnish_server.imports.store import Wish

FORMATS = {
    "application/x-ndjson": Run.Format.NDJSON,
    "application/jsonl": Run.Format.NDJSON,
    "text/csv": Run.Format.CSV,
}

MOST = 10_000

router = Router(tags=["imports"])


class How(Schema):
    """How an import is to be done."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    identifier: Literal["email", "phone_number", "preferred_username"] = "email"
    """The attribute users are found by; every row must have it."""
    upsert: bool = False
    """Whether rows change users who exist; else they are skipped."""
    dry_run: bool = False
    """Say what would become of each row, and write none."""
    hooks: bool = False
    """Ask the hooks of `user.pre_create` about each new user, and tell `user.created`."""
    enrich: bool = False
    """Ask providers for what is missing afterwards."""


class Import(Schema):
    """An import, and how far it is. `done` rows are inserted, updated, skipped or failed."""

    id: str = Field(examples=["5c0f2c0a-8c35-4a0e-9d3b-0c7a6a4f7f10"])
    state: Literal["receiving", "pending", "completed", "cancelled"]
    format: Literal["records", "ndjson", "csv"]
    identifier: str
    upsert: bool
    dry_run: bool
    hooks: bool
    enrich: bool
    rows: int
    done: int
    inserted: int
    updated: int
    skipped: int
    failed: int
    created_at: datetime
    completed_at: datetime | None


@router.post(
    "/imports",
    response={202: Import},
    auth=Key(USERS_IMPORT),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                kind: {"schema": {"type": "string"}}
                for kind in ("application/x-ndjson", "text/csv")
            },
        }
    },
)
def begin_import(
    request: HttpRequest, response: HttpResponse, how: Query[How]
) -> Status[dict[str, Any]]:
    """Send users: a JSON object a line, or CSV whose first line names the columns.

    The body may have any length. Rows that cannot be read, or be meant, fail by themselves.
    """
    format = FORMATS.get(request.content_type or "")
    if format is None:
        raise Problem(
            415,
            "unsupported_media_type",
            "Send the body as Content-Type: application/x-ndjson or text/csv.",
            Accept="application/x-ndjson, text/csv",
        )
    wish = Wish(**how.model_dump())
    try:
        run = store.take(format, sent.pieces(request), wish, deed.actor(request))
    except store.Unfit as unfit:
        raise Problem(422, unfit.code, str(unfit)) from None
    response["Location"] = f"/api/v1/imports/{run.pk}"
    return Status(202, shown(run))


@router.get("/imports", response=Page[Import], auth=Key(USERS_IMPORT))
def list_imports(
    request: HttpRequest, response: HttpResponse, paging: Query[Paging]
) -> dict[str, Any]:
    """List the imports of the last day, the latest first."""
    runs, by = Run.objects.all(), ("-created_at", "-id")
    return page(request, response, runs, by, paging, lambda rows: map(shown, rows))


@router.get("/imports/{import_id}", response=Import, auth=Key(USERS_IMPORT))
def read_import(request: HttpRequest, import_id: str) -> dict[str, Any]:
    """Say how far an import is."""
    return shown(_run(import_id))


@router.post("/imports/{import_id}/cancel", response=Import, auth=Key(USERS_IMPORT))
def cancel_import(request: HttpRequest, import_id: str) -> dict[str, Any]:
    """End an import where it is. Users who are written stay."""
    run = _run(import_id)
    if not store.cancel(run, deed.actor(request)):
        raise Problem(409, "import_over", "This import is over already.")
    return shown(_run(import_id))


@router.get(
    "/imports/{import_id}/outcomes",
    auth=Key(USERS_IMPORT),
    openapi_extra={
        "responses": {
            200: {
                "description": "A line of JSON for each row",
                "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
            }
        }
    },
)
def list_outcomes(
    request: HttpRequest,
    import_id: str,
    outcome: Literal["inserted", "updated", "skipped", "failed"] | None = None,
    after: Annotated[int, Field(ge=-1, le=2**31 - 1)] = -1,
    limit: Annotated[int, Field(ge=1, le=MOST)] = 1000,
) -> HttpResponse:
    """Say what became of each row, as NDJSON in the order of the rows; `Link` leads onward."""
    run = _run(import_id)
    rows = list(store.outcomes(run, after, outcome, limit))
    answer = HttpResponse(b"".join(lines(rows)), content_type="application/x-ndjson; charset=utf-8")
    if len(rows) == limit:
        query = request.GET.copy()
        query["after"] = str(rows[-1].index)
        answer["Link"] = f'<{request.path}?{query.urlencode()}>; rel="next"'
    return answer


def lines(rows: list[Outcome]) -> Iterator[bytes]:
    """Yield a line of JSON for each outcome; the record comes with those that failed."""
    for row in rows:
        told: dict[str, Any] = {
            "index": row.index,
            "line": row.line,
            "outcome": row.outcome,
            "user_id": row.user_id,
            "warnings": row.warnings,
            "errors": row.errors,
        }
        if row.record is not None:
            told["record"] = row.record
        yield to_json(told) + b"\n"


def shown(run: Run) -> dict[str, Any]:
    """Return an import as the API shows it."""
    return {name: getattr(run, name) for name in Import.model_fields} | {"id": str(run.pk)}


def _run(import_id: str) -> Run:
    run = store.find(import_id)
    if run is None:
        raise Problem(404, "import_not_found", "There is no such import; one is kept for a day.")
    return run
