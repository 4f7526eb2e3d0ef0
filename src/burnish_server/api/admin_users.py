"""User import and export as Authgear's Admin API has them, below `/_api/admin/users/`.

Whoever may call GraphQL may call these, with the same token or key.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from burnish.attributes.faults import faults_of
from burnish.events.entities import timestamp
from burnish.hooks import wire
from burnish_server.api import exports
from burnish_server.api.graphql import visitor as visitors
from burnish_server.api.graphql.visitor import Visitor
from burnish_server.api_keys.scope import USERS_EXPORT, USERS_IMPORT, USERS_SECRETS
from burnish_server.exports import columns
from burnish_server.exports import models as exported
from burnish_server.exports import store as export_store
from burnish_server.imports import models as imported
from burnish_server.imports import store as import_store
from burnish_server.imports.store import Wish

LARGEST = 500_000
"""Bytes of an import's body."""

_NAMES = {
    "ValidationFailed": ("Invalid", 400),
    "DuplicatedIdentity": ("Invalid", 400),
    "HookDisallowed": ("Forbidden", 403),
    "RoleUnknownKeys": ("NotFound", 404),
    "GroupUnknownKeys": ("NotFound", 404),
}

View = Callable[..., HttpResponseBase]


class Refused(Exception):
    """The request cannot be served: what the API answers then."""

    def __init__(self, name: str, reason: str, message: str, code: int, **info: Any) -> None:
        super().__init__(message)
        self.code = code
        self.error = {"name": name, "reason": reason, "message": message, "code": code}
        if info:
            self.error["info"] = info


class Closed(BaseModel):
    """A body, nothing beside what is named."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ImportBody(Closed):
    """What is to be imported."""

    upsert: bool = False
    identifier: Literal["email", "phone_number", "preferred_username"]
    records: Annotated[list[dict[str, Any]], Field(min_length=1)]


class ExportField(Closed):
    """A column."""

    pointer: str
    field_name: str | None = None


class ExportCsv(Closed):
    """The columns of a CSV file."""

    fields: list[ExportField] | None = None


class ExportBody(Closed):
    """What is to be exported."""

    format: Literal["ndjson", "csv"]
    csv: ExportCsv | None = None


def served(method: str, scope: str) -> Callable[[View], View]:
    """Let a view be called with one method, by whoever may; put its refusals into JSON."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def wrapped(request: HttpRequest, **values: Any) -> HttpResponseBase:
            if request.method != method:
                return HttpResponse(status=405, headers={"Allow": method})
            visitor = visitors.of(request.headers.get("Authorization", ""))
            if visitor is None or scope not in visitor.scopes:
                return HttpResponse("Forbidden", status=403, content_type="text/plain")
            try:
                if visitor.budget.spent:
                    sentence = f"wait {visitor.budget.resets} seconds"
                    raise Refused("TooManyRequest", "RateLimited", sentence, 429)
                return view(request, visitor, **values)
            except Refused as refused:
                return JsonResponse({"error": refused.error}, status=refused.code)

        return wrapped

    return wrap


@served("POST", USERS_IMPORT)
def create_import(request: HttpRequest, caller: Visitor) -> HttpResponseBase:
    """Begin an import."""
    body = _read(request, ImportBody)
    wish = Wish(body.identifier, body.upsert)
    run = import_store.take_records(body.records, wish, caller.actor)
    return JsonResponse({"result": _import(run)})


@served("GET", USERS_IMPORT)
def read_import(request: HttpRequest, caller: Visitor, id: str) -> HttpResponseBase:
    """Say what became of an import."""
    run = import_store.find(id) if id.startswith(import_store.PREFIX) else None
    if run is None:
        raise _not_found()
    return JsonResponse({"result": _import(run)})


@served("POST", USERS_EXPORT)
def create_export(request: HttpRequest, caller: Visitor) -> HttpResponseBase:
    """Begin an export."""
    body = _read(request, ExportBody)
    fields = None
    if body.csv and body.csv.fields is not None:
        fields = [(one.pointer, one.field_name) for one in body.csv.fields]
    asked = body.model_dump(exclude_none=True)
    # This contract asks for secrets by naming their column.
    named = fields and columns.revealing((pointer, "") for pointer, _ in fields)
    whose = _revealed(caller, exported.Run.Secrets.PEOPLE if named else exported.Run.Secrets.NONE)
    try:
        run = export_store.create(body.format, fields, caller.actor, request=asked, secrets=whose)
    except columns.NotUnique as twice:
        reason = "UserExportNonUniqueFieldNames"
        raise Refused(
            "BadRequest", reason, str(twice), 400, field_names=list(twice.names)
        ) from None
    except columns.Unfit as unfit:
        raise Refused("Invalid", "ValidationFailed", str(unfit), 400) from None
    return JsonResponse({"result": _export(request, run)})


@served("GET", USERS_EXPORT)
def read_export(request: HttpRequest, caller: Visitor, id: str) -> HttpResponseBase:
    """Say how far an export is, and where its file is once it is there."""
    run = export_store.find(id) if id.startswith(export_store.PREFIX) else None
    if run is None:
        raise _not_found()
    _revealed(caller, run.secrets)
    return JsonResponse({"result": _export(request, run)})


def _revealed(caller: Visitor, whose: str) -> str:
    """Return whose secrets are wanted. Raises `Refused` where the program may not have them."""
    if whose == exported.Run.Secrets.NONE:
        return whose
    if USERS_SECRETS not in caller.scopes or whose == exported.Run.Secrets.ALL:
        sentence = f"secrets of authenticator apps need the scope {USERS_SECRETS}"
        raise Refused("Forbidden", "InsufficientScope", sentence, 403)
    return whose


def download(request: HttpRequest, signed: str) -> HttpResponseBase:
    """Hand the file of an export to whoever has its signed address."""
    run = export_store.signed(signed)
    if run is None or run.state != exported.Run.State.COMPLETED:
        return HttpResponse("Forbidden", status=403, content_type="text/plain")
    return exports.file(run)


def _read(request: HttpRequest, kind: type[Any]) -> Any:
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        sentence = f"request body too large: at most {LARGEST} bytes are taken"
        raise Refused("RequestEntityTooLarge", "RequestEntityTooLarge", sentence, 413)
    try:
        return kind.model_validate(wire.decode(request.body))
    except wire.NotJSON as error:
        raise Refused("BadRequest", "InvalidJSON", str(error), 400) from None
    except ValidationError as error:
        causes = [
            {
                "location": "/" + one.path.strip("/").replace(".", "/"),
                "kind": "general",
                "details": {"msg": one.message},
            }
            for one in faults_of(error)
        ]
        raise Refused("Invalid", "ValidationFailed", "invalid value", 400, causes=causes) from None


def _import(run: imported.Run) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": f"{import_store.PREFIX}{run.pk.hex}",
        "created_at": timestamp(run.created_at),
        "status": "pending",
    }
    if run.completed_at is None:
        return told
    counts = {name: getattr(run, name) for name in ("inserted", "updated", "skipped", "failed")}
    rows = imported.Outcome.objects.filter(run=run).order_by("index")
    return told | {
        "status": "completed",
        "completed_at": timestamp(run.completed_at),
        "summary": {"total": run.rows, **counts},
        "details": [_detail(row) for row in rows],
    }


def _detail(row: imported.Outcome) -> dict[str, Any]:
    told: dict[str, Any] = {"index": row.index, "record": row.record, "outcome": row.outcome}
    if row.user_id:
        told["user_id"] = str(row.user_id)
    if row.warnings:
        told["warnings"] = [{"message": message} for message in row.warnings]
    if row.errors:
        told["errors"] = [_error(error) for error in row.errors]
    return told


def _error(error: Mapping[str, str]) -> dict[str, Any]:
    name, code = _NAMES.get(error["reason"], ("InternalError", 500))
    told: dict[str, Any] = {"name": name, "code": code, **error}
    if error["reason"] == "DuplicatedIdentity":
        told |= {"reason": "InvariantViolated", "info": {"cause": {"kind": "DuplicatedIdentity"}}}
    return told


def _export(request: HttpRequest, run: exported.Run) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": f"{export_store.PREFIX}{run.pk.hex}",
        "created_at": timestamp(run.created_at),
        "status": run.state,
        "request": run.request,
    }
    if run.state == exported.Run.State.COMPLETED:
        told["completed_at"] = _moment(run.completed_at)
        place = reverse("admin_users_export_file", args=[export_store.sign(run)])
        told["download_url"] = request.build_absolute_uri(place)
    return told


def _moment(at: datetime | None) -> str | None:
    return timestamp(at) if at else None


def _not_found() -> Refused:
    return Refused("NotFound", "TaskNotFound", "task not found", 404)


urlpatterns = [
    path("import", create_import, name="admin_users_import"),
    path("import/<str:id>", read_import),
    path("export", create_export, name="admin_users_export"),
    path("export/file/<str:signed>", download, name="admin_users_export_file"),
    path("export/<str:id>", read_export),
]
