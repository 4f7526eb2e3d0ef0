"""Attributes: what may be known of a user, and how it changes."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field, RootModel
from pydantic.config import JsonDict

from burnish.attributes import custom
from burnish.attributes.access import Access
from burnish.attributes.custom import CustomAttribute as Definition
from burnish.attributes.fragment import StandardEntry
from burnish.attributes.merge import Merge
from burnish_server.api import etag
from burnish_server.api.auth import Key
from burnish_server.api.deed import actor, nothing
from burnish_server.api.pointing import clean, good, missing
from burnish_server.api.problems import Problem
from burnish_server.api_keys.scope import ATTRIBUTES_READ, ATTRIBUTES_WRITE
from burnish_server.profiles import definitions, store
from burnish_server.profiles.models import CustomAttribute

router = Router(tags=["attributes"])

_EXAMPLE: JsonDict = {
    "pointer": "/company_size",
    "type": "integer",
    "minimum": 1,
    "label": "Company size",
    "access_control": {"end_user": "readwrite", "bearer": "readonly", "portal_ui": "readwrite"},
}

Loss = Annotated[bool, Query(description="Withdraw values that do not fit any more.")]


class AttributeEntry(RootModel[dict[str, Any]]):
    """A custom attribute, as a configuration file has it; its id is made unless it has one."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})


class AttributeShown(Schema):
    """A custom attribute as it is."""

    id: str = Field(examples=["7c1f0f3a"])
    name: str = Field(examples=["company_size"])
    pointer: str = Field(examples=["/company_size"])
    type: custom.Type = Field(examples=["integer"])
    access_control: Access
    merge: Merge
    minimum: int | float | None = Field(examples=[1])
    maximum: int | float | None
    enum: list[str] | None
    label: str = Field(examples=["Company size"])
    help_text: str
    purpose: str
    indexed: bool
    sensitive: bool
    retired: bool


class StandardAttributeChange(Schema):
    """What a project settles about a standard attribute; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    access_control: Access | None = None
    merge: Merge | None = None


class AttributeChange(RootModel[dict[str, Any]]):
    """A merge patch of a custom attribute: null takes an option away."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"indexed": True}]})


class AllAttributes(Schema):
    """Every attribute there is, the retired ones too."""

    standard: list[dict[str, Any]]
    custom: list[AttributeShown]


class AttributeRetype(Schema):
    """Another type for an attribute; `choices` are those of an enum."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    type: custom.Type = Field(examples=["integer"])
    choices: Annotated[list[str], Field(max_length=500)] | None = None
    dry_run: bool = True
    """Only say what would become of the values."""
    allow_loss: bool = False
    """Withdraw values that do not convert; they stay in the history."""


class UnfitValue(Schema):
    """A user whose value does not convert, and why. The value itself stays here."""

    user_id: UUID
    reason: str


class AttributeRetyped(Schema):
    """What becomes of the values users have; `unfit` lists up to a hundred."""

    users: int
    fit: int
    unfit_count: int
    unfit: list[UnfitValue]
    applied: bool


class AttributePurged(Schema):
    """How many users had a value."""

    users: int


@router.get("/attributes", response=AllAttributes, auth=Key(ATTRIBUTES_READ))
def list_attributes(request: HttpRequest) -> dict[str, Any]:
    """List the attributes in their order."""
    rows = CustomAttribute.objects.all()
    return {
        "standard": [one.as_entry() for one in store.schema().standard.values()],
        "custom": [_shown(row.as_definition()) for row in rows],
    }


@router.post("/attributes", response={201: AttributeShown}, auth=Key(ATTRIBUTES_WRITE))
def define_attribute(request: HttpRequest, entry: AttributeEntry, response: HttpResponse) -> Any:
    """Define a custom attribute. Its id is made unless one is sent, as from another service."""
    made = good(custom.parse({"id": uuid4().hex, **entry.root}))
    if CustomAttribute.objects.filter(pk=made.id).exists():
        raise Problem(409, "attribute_exists", f"There is an attribute with the id {made.id}.")
    _save(request, made)
    response["Location"] = f"/api/v1/attributes/{made.name}"
    return Status(201, _shown(made))


@router.patch("/attributes/standard/{name}", response=dict[str, Any], auth=Key(ATTRIBUTES_WRITE))
def settle_standard_attribute(
    request: HttpRequest, name: str, change: StandardAttributeChange
) -> dict[str, Any]:
    """Settle who may see a standard attribute, and how its facts compete."""
    before = store.schema().standard.get(name)
    if before is None:
        raise missing("standard attribute", name)
    after = StandardEntry(pointer=f"/{name}", **dict(change)).over(before)
    definitions.settle(after, actor(request))
    return after.as_entry()


@router.get("/attributes/{name}", response=AttributeShown, auth=Key(ATTRIBUTES_READ))
def read_attribute(request: HttpRequest, name: str, response: HttpResponse) -> dict[str, Any]:
    """Read one custom attribute, retired or not."""
    shown = _shown(_one(name))
    etag.tag(request, response, shown)
    return shown


@router.patch("/attributes/{name}", response=AttributeShown, auth=Key(ATTRIBUTES_WRITE))
def change_attribute(
    request: HttpRequest, name: str, change: AttributeChange, allow_loss: Loss = False
) -> dict[str, Any]:
    """Change a custom attribute. A narrower definition is refused while values do not fit it."""
    before = _one(name)
    etag.require(request, _shown(before))
    entry = {**before.as_entry(), **change.root, "id": before.id}
    made = good(custom.parse({key: value for key, value in entry.items() if value is not None}))
    _save(request, made, allow_loss=allow_loss)
    return _shown(made)


@router.post("/attributes/{name}/retire", response=AttributeShown, auth=Key(ATTRIBUTES_WRITE))
def retire_attribute(request: HttpRequest, name: str) -> dict[str, Any]:
    """Hide a custom attribute everywhere; its values are kept until it is purged."""
    found = _one(name)
    definitions.retire(found.id, actor(request))
    return _shown(_one(name))


@router.post("/attributes/{name}/restore", response=AttributeShown, auth=Key(ATTRIBUTES_WRITE))
def restore_attribute(request: HttpRequest, name: str) -> dict[str, Any]:
    """Bring a retired attribute back, with its values."""
    found = _one(name)
    definitions.restore(found.id, actor(request))
    return _shown(_one(name))


@router.delete("/attributes/{name}", response=AttributePurged, auth=Key(ATTRIBUTES_WRITE))
def purge_attribute(request: HttpRequest, name: str) -> dict[str, Any]:
    """Erase a retired attribute with all its values, in the history too. There is no way back."""
    found = _one(name)
    try:
        return {"users": definitions.purge(found.id, actor(request))}
    except definitions.Refused as refused:
        raise _refused(refused) from None


@router.post("/attributes/{name}/retype", response=AttributeRetyped, auth=Key(ATTRIBUTES_WRITE))
def retype_attribute(request: HttpRequest, name: str, wish: AttributeRetype) -> dict[str, Any]:
    """Say which values convert to another type and which do not; or convert them."""
    after = good(custom.retyped(_one(name), wish.type, wish.choices))
    trial = definitions.trial(after)
    if wish.dry_run:
        nothing(request)
    else:
        _save(request, after, allow_loss=wish.allow_loss)
    return {
        "users": trial.users,
        "fit": trial.fit,
        "unfit_count": trial.unfit_count,
        "unfit": [{"user_id": one.user_id, "reason": one.reason} for one in trial.unfit],
        "applied": not wish.dry_run,
    }


def _one(name: str) -> Definition:
    row = CustomAttribute.objects.filter(pointer=f"/{clean(name)}").first()
    if row is None:
        raise missing("attribute", name)
    return row.as_definition()


def _save(request: HttpRequest, made: Definition, *, allow_loss: bool = False) -> None:
    try:
        definitions.save(made, actor(request), allow_loss=allow_loss)
    except definitions.Refused as refused:
        raise _refused(refused) from None


def _refused(refused: definitions.Refused) -> Problem:
    """Return why a definition cannot change so: what stands in the way can be changed first."""
    words = "; ".join(fault.message for fault in refused.faults)
    code = "values_would_be_lost" if refused.loses else "attribute_refused"
    way = " with allow_loss" if refused.loses else ""
    return Problem(409, code, f"{words[0].upper()}{words[1:]}{way}.", refused.faults)


def _shown(one: Definition) -> dict[str, Any]:
    return {**one.model_dump(), "name": one.name}
