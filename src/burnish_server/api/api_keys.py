"""API keys: listed, made and revoked by a program that has one. None comes to more by it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from burnish_server.api import call as calls
from burnish_server.api.auth import Key
from burnish_server.api.deed import actor
from burnish_server.api.moment import Moment
from burnish_server.api.paging import Page, Paging, page
from burnish_server.api.pointing import missing
from burnish_server.api.problems import Problem
from burnish_server.api.text import Storable
from burnish_server.api_keys import store
from burnish_server.api_keys.models import ApiKey
from burnish_server.api_keys.scope import KEYS_WRITE, SCOPES

router = Router(tags=["API keys"])

_NEW: dict[str, Any] = {
    "name": "crm-sync",
    "scopes": ["users:read", "users:enrich"],
    "expires_at": "2027-03-02T00:00:00Z",
}
_SHOWN = {
    **_NEW,
    "id": "3f2a8a52-5a0e-4a52-b6a7-0a5a4e2d9c10",
    "prefix": "bk_k3v9x0ab",
    "created_at": "2026-03-02T09:14:07Z",
    "last_used_at": None,
    "revoked_at": None,
}

Scope = Annotated[Storable, Field(max_length=40, json_schema_extra={"enum": list(SCOPES)})]


class NewApiKey(Schema):
    """A key to make. Without `expires_at` it is good until it is revoked."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_NEW]})

    name: Annotated[Storable, Field(min_length=1, max_length=80)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(SCOPES))]
    expires_at: Moment | None = None


class ShownApiKey(Schema):
    """A key as everybody may see it: `prefix` is how it begins."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SHOWN]})

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class MadeApiKey(ShownApiKey):
    """A key just made. `key` is the key itself, which nobody can see again."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_SHOWN, "key": f"bk_k3v9x0ab_{'x' * 43}"}]}
    )

    key: str


@router.get("/api-keys", response=Page[ShownApiKey], auth=Key(KEYS_WRITE))
def list_api_keys(request: HttpRequest, response: HttpResponse, paging: Query[Paging]) -> Any:
    """List the keys, the oldest first, those that were revoked too; never the keys themselves."""
    return page(request, response, ApiKey.objects.all(), ("created_at", "id"), paging, _all)


@router.post("/api-keys", response={201: MadeApiKey}, auth=Key(KEYS_WRITE))
def create_api_key(request: HttpRequest, response: HttpResponse, new: NewApiKey) -> Any:
    """Make a key. Its text is in this answer only, which no Idempotency-Key brings back."""
    call = calls.of(request)
    assert call  # noqa: S101 - the key that came in is of this call
    _grant(call.key, new)
    made, text = store.create(new.name, new.scopes, actor(request), new.expires_at)
    call.shown_once = True
    response["Cache-Control"] = "no-store"
    return Status(201, {**_show(made), "key": text})


@router.delete("/api-keys/{id}", response={204: None}, auth=Key(KEYS_WRITE))
def revoke_api_key(request: HttpRequest, id: UUID) -> Status[None]:
    """Revoke a key at once: itself, or one that may do no more than it may."""
    call = calls.of(request)
    assert call  # noqa: S101 - the key that came in is of this call
    try:
        revoked = store.revoke(id, actor(request), by=call.key)
    except store.MightierKey as error:
        raise Problem(403, "insufficient_scope", str(error)) from None
    if revoked is None:
        raise missing("API key", str(id))
    return Status(204, None)


def _grant(maker: ApiKey, new: NewApiKey) -> None:
    """Raise a problem where the new key could do more, or for longer, than the one that makes it.

    What is no scope at all is for the store to say.
    """
    beyond = [one for one in new.scopes if one in SCOPES and one not in maker.scopes]
    if beyond:
        sentence = f"This API key lacks {', '.join(beyond)}, and gives what it has itself only."
        raise Problem(403, "insufficient_scope", sentence)
    last = maker.expires_at
    if last and (new.expires_at is None or new.expires_at > last):
        sentence = f"This API key expires; let the new one expire by {last:%Y-%m-%dT%H:%M:%SZ} too."
        raise Problem(422, "unfit_api_key", sentence)


def _all(keys: Sequence[ApiKey]) -> Iterable[dict[str, Any]]:
    return (_show(key) for key in keys)


def _show(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.pk,
        "name": key.name,
        "prefix": f"bk_{key.prefix}",
        "scopes": list(key.scopes),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
    }
