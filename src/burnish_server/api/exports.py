"""User exports: everything of every user in one file, for a day."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from burnish_server.api import call as calls
from burnish_server.api import deed
from burnish_server.api.auth import Key
from burnish_server.api.paging import Page, Paging, page
from burnish_server.api.problems import Problem
from burnish_server.api_keys.scope import USERS_EXPORT, USERS_SECRETS
from burnish_server.exports import store
from burnish_server.exports.columns import MOST, Unfit
from burnish_server.exports.models import Run

router = Router(tags=["exports"])

_TYPES = {"ndjson": "application/x-ndjson; charset=utf-8", "csv": "text/csv; charset=utf-8"}


class Column(Schema):
    """A column of a CSV file."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)

    pointer: Annotated[str, Field(max_length=200)] = Field(examples=["/address/country"])
    """A JSON pointer into a user's record."""
    name: Annotated[str | None, Field(max_length=200)] = None
    """What the column is called; the pointer's parts joined by points if nothing is said."""


class ExportWanted(Schema):
    """What file is wanted."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)

    format: Literal["ndjson", "csv"] = "ndjson"
    secrets: bool = False
    """Whether secrets of authenticator apps are in it, administrators' apart. The key needs the
    scope `users:secrets` as well, also to download the file."""
    columns: Annotated[list[Column], Field(max_length=MOST)] | None = None
    """The columns of a CSV file; the usual ones if nothing is said."""


class Export(Schema):
    """An export, and how far it is. `size` is in bytes; the file is there when it is completed."""

    id: str = Field(examples=["5c0f2c0a-8c35-4a0e-9d3b-0c7a6a4f7f10"])
    state: Literal["pending", "completed"]
    format: Literal["ndjson", "csv"]
    users: int
    total: int
    size: int
    created_at: datetime
    completed_at: datetime | None


@router.post("/exports", response={202: Export}, auth=Key(USERS_EXPORT))
def begin_export(
    request: HttpRequest, response: HttpResponse, wanted: ExportWanted
) -> Status[dict[str, Any]]:
    """Have a file of all users written."""
    fields = None
    if wanted.columns is not None:
        fields = [(one.pointer, one.name) for one in wanted.columns]
    whose = Run.Secrets.PEOPLE if wanted.secrets else Run.Secrets.NONE
    try:
        run = store.create(
            wanted.format, fields, deed.actor(request), secrets=_secrets(request, whose)
        )
    except Unfit as unfit:
        raise Problem(422, unfit.code, str(unfit)) from None
    response["Location"] = f"/api/v1/exports/{run.pk}"
    return Status(202, shown(run))


@router.get("/exports", response=Page[Export], auth=Key(USERS_EXPORT))
def list_exports(
    request: HttpRequest, response: HttpResponse, paging: Query[Paging]
) -> dict[str, Any]:
    """List the exports of the last day, the latest first."""
    runs, by = Run.objects.all(), ("-created_at", "-id")
    return page(request, response, runs, by, paging, lambda rows: map(shown, rows))


@router.get("/exports/{export_id}", response=Export, auth=Key(USERS_EXPORT))
def read_export(request: HttpRequest, export_id: str) -> dict[str, Any]:
    """Say how far an export is."""
    return shown(_run(export_id))


@router.get(
    "/exports/{export_id}/file",
    auth=Key(USERS_EXPORT),
    openapi_extra={
        "responses": {
            200: {
                "description": "The file",
                "content": {
                    kind.partition(";")[0]: {"schema": {"type": "string"}}
                    for kind in _TYPES.values()
                },
            }
        }
    },
)
def download_export(request: HttpRequest, export_id: str) -> HttpResponseBase:
    """Download the file; it is streamed."""
    run = _run(export_id)
    if run.state != Run.State.COMPLETED:
        raise Problem(409, "export_not_ready", "This export is not completed; ask again later.")
    _secrets(request, run.secrets)
    return file(run)


def _secrets(request: HttpRequest, whose: str) -> str:
    """Return whose secrets are wanted. Raises `Problem` where the program may not have them."""
    call = calls.of(request)
    if whose != Run.Secrets.NONE and (call is None or USERS_SECRETS not in call.key.scopes):
        sentence = f"This API key lacks the scope {USERS_SECRETS}."
        raise Problem(403, "insufficient_scope", sentence)
    if whose == Run.Secrets.ALL:
        sentence = "This file holds secrets of administrators; no program may have it."
        raise Problem(403, "export_not_for_programs", sentence)
    return whose


def file(run: Run) -> StreamingHttpResponse:
    """Return the file of an export as it is downloaded."""
    answer = StreamingHttpResponse(store.content(run), content_type=_TYPES[run.format])
    answer["Content-Length"] = str(run.size)
    name = f"users-{run.created_at:%Y-%m-%d}.{run.format}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def shown(run: Run) -> dict[str, Any]:
    """Return an export as the API shows it."""
    return {name: getattr(run, name) for name in Export.model_fields} | {"id": str(run.pk)}


def _run(export_id: str) -> Run:
    run = store.find(export_id)
    if run is None:
        raise Problem(404, "export_not_found", "There is no such export; one is kept for a day.")
    return run
