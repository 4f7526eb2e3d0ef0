"""The audit log: what administrators, API keys and hooks did."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from burnish_server.api.auth import Key
from burnish_server.api.moment import Moment
from burnish_server.api.paging import Page, Paging, page
from burnish_server.api.pointing import clean, missing
from burnish_server.api_keys.scope import AUDIT_READ
from burnish_server.audit import search
from burnish_server.audit.export import MEDIA_TYPES, lines
from burnish_server.audit.models import Entry

router = Router(tags=["audit log"])


class EntriesFilter(Schema):
    """Which entries are wanted; what is left out leaves nothing out."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    actor: str = Field("", max_length=320)
    """Who: a name or an id."""
    door: Entry.Door | None = None
    """By which door, which is what kind of actor it is."""
    action: str = Field("", max_length=60)
    kind: str = Field("", max_length=60)
    """What it was done to, such as `hook`."""
    subject: str = Field("", max_length=320)
    """Which one: an id, or the beginning of a name."""
    since: Moment | None = None
    until: Moment | None = None

    def as_wanted(self) -> search.Wanted:
        """Return it as the room has it."""
        return search.Wanted(
            clean(self.actor),
            self.door or "",
            clean(self.action),
            clean(self.kind),
            clean(self.subject),
            self.since,
            self.until,
        )


class EntriesWanted(EntriesFilter, Paging):
    """Which entries are wanted, and which page of them."""


class EntryShown(Schema):
    """That somebody did something. `detail` names what changed, never a profile's values."""

    id: int
    at: datetime
    door: str = Field(examples=["api"])
    actor: str = Field(examples=["crm-sync"])
    actor_id: UUID | None
    action: str = Field(examples=["changed"])
    subject_kind: str = Field(examples=["hook"])
    subject_id: str
    subject: str = Field(examples=["geo"])
    detail: dict[str, Any]


@router.get("/audit", response=Page[EntryShown], auth=Key(AUDIT_READ))
def list_entries(request: HttpRequest, response: HttpResponse, wanted: Query[EntriesWanted]) -> Any:
    """List entries, the latest first."""
    return page(request, response, wanted.as_wanted().entries(), ("-id",), wanted, _all)


@router.get(
    "/audit/export",
    auth=Key(AUDIT_READ),
    openapi_extra={
        "responses": {
            200: {
                "description": "Lines of JSON, or a table",
                "content": {
                    media.partition(";")[0]: {"schema": {"type": "string"}}
                    for media in MEDIA_TYPES.values()
                },
            }
        }
    },
)
def export_entries(
    request: HttpRequest, wanted: Query[EntriesFilter], format: Literal["ndjson", "csv"] = "ndjson"
) -> StreamingHttpResponse:
    """Send all entries, the latest first, however many there are."""
    found = search.one_by_one(wanted.as_wanted().entries())
    headers = {"Content-Disposition": f'attachment; filename="audit.{format}"'}
    return StreamingHttpResponse(
        lines(found, format), content_type=MEDIA_TYPES[format], headers=headers
    )


@router.get("/audit/{id}", response=EntryShown, auth=Key(AUDIT_READ))
def read_entry(request: HttpRequest, id: int) -> Entry:
    """Read one entry."""
    entry = Entry.objects.filter(pk=id).first() if 0 < id < 2**63 else None
    if entry is None:
        raise missing("entry", str(id))
    return entry


def _all(entries: Sequence[Entry]) -> Iterable[Entry]:
    return entries
