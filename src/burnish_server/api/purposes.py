"""Purposes: what people's data is used for, and on which ground."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from burnish.consent import fragment
from burnish.consent.purpose import Basis
from burnish_server.api.auth import Key
from burnish_server.api.deed import actor
from burnish_server.api.pointing import clean, good, missing
from burnish_server.api_keys.scope import ENRICHMENT_READ, ENRICHMENT_WRITE
from burnish_server.consent import apply, store
from burnish_server.consent.models import Purpose

router = Router(tags=["purposes"])


class PurposeEntry(Schema):
    """What a purpose rests on, and what people are told of it."""

    model_config = ConfigDict(extra="forbid")

    basis: Basis = Field("consent", examples=["consent"])
    title: str = Field("", max_length=200, examples=["Offers that fit"])


class PurposeShown(PurposeEntry):
    """A purpose."""

    name: str = Field(examples=["marketing"])


@router.get("/purposes", response=list[PurposeShown], auth=Key(ENRICHMENT_READ))
def list_purposes(request: HttpRequest) -> list[dict[str, Any]]:
    """List the purposes, those that hold by themselves too."""
    return [{"name": name, **one.model_dump()} for name, one in store.purposes().items()]


@router.put("/purposes/{name}", response=PurposeShown, auth=Key(ENRICHMENT_WRITE))
def put_purpose(request: HttpRequest, name: str, entry: PurposeEntry) -> dict[str, Any]:
    """Settle what a purpose rests on; it may be a new one."""
    section = good(
        fragment.parse({"purposes": {name: entry.model_dump()}}), f"consent.purposes.{name}"
    )
    with transaction.atomic():
        apply.apply(section, actor(request))
    return {"name": name, **section.purposes[name].model_dump()}


@router.delete("/purposes/{name}", response={204: None}, auth=Key(ENRICHMENT_WRITE))
def remove_purpose(request: HttpRequest, name: str) -> Any:
    """Settle nothing about a purpose any more: who serves it needs consent from then on."""
    row = Purpose.objects.filter(pk=clean(name)).first()
    if row is None:
        raise missing("purpose", name)
    with transaction.atomic():
        apply.remove(row, actor(request))
    return Status(204, None)
