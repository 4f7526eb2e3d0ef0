"""Hooks: what reacts to events, made, changed and removed; and the order they are asked in."""

from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field, RootModel, ValidationError

from burnish.attributes.faults import Fault, InvalidValues, faults_of
from burnish_server.api import etag, hook_entry
from burnish_server.api.auth import Key
from burnish_server.api.deed import actor, nothing
from burnish_server.api.pointing import below, clean, demand, missing
from burnish_server.api.problems import Problem
from burnish_server.api_keys.scope import HOOKS_READ, HOOKS_WRITE
from burnish_server.hooks import apply
from burnish_server.hooks.models import Hook

router = Router(tags=["hooks"])

_SCRIPT = "export default () => ({ is_allowed: true });\n"
_SETTINGS = ("events", "on_error", "enabled", "timeout_ms", "only_clients", "isolation")

Events = Annotated[list[str], Field(max_length=100, examples=[["user.pre_create"]])]
Client = Annotated[str, Field(min_length=1, max_length=100)]


class HookSettings(Schema):
    """What a hook is set to: one blocking event, or any number of others."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)

    events: Events = Field(default_factory=list)
    """`*` is all that are told of."""
    script: str | None = Field(None, examples=[_SCRIPT])
    """TypeScript, if it is a script; up to 100 KiB."""
    url: str | None = Field(None, max_length=2000)
    """Where events are posted, if it is a webhook."""
    on_error: Literal["deny", "allow", "defer"] = "deny"
    """What its failure means, where operations wait for it."""
    enabled: bool = True
    timeout_ms: Annotated[int, Field(ge=10, le=60_000)] | None = None
    """None is what all hooks have."""
    only_clients: Annotated[list[Client], Field(max_length=100)] = Field(default_factory=list)
    """It hears only of what happens through these clients."""
    isolation: Literal["reuse", "fresh"] = "reuse"


class NewHook(HookSettings):
    """A new hook."""

    name: str = Field(max_length=60, examples=["geo"])


class HookShown(HookSettings):
    """A hook as it is; `problems` is what the checker said of its script."""

    name: str = Field(examples=["geo"])
    kind: Literal["script", "webhook", "plugin"] = Field(examples=["script"])
    problems: list[dict[str, Any]]
    imports: list[str]
    secrets: list[str]
    version: int


class HookChange(RootModel[dict[str, Any]]):
    """A merge patch of a hook: what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"enabled": False}]})


class ScriptSource(Schema):
    """A script."""

    model_config = ConfigDict(extra="forbid")

    script: str = Field(examples=[_SCRIPT])


class ScriptChecked(Schema):
    """What the checker says of a script: errors keep it from being saved, warnings do not."""

    problems: list[dict[str, Any]]
    refusals: list[str]
    imports: list[str]
    unchecked: str


class HookOrder(Schema):
    """All hooks by name, in the order they are asked."""

    model_config = ConfigDict(extra="forbid")

    names: Annotated[list[str], Field(max_length=1000, examples=[["geo", "crm"]])]


@router.get("/hooks", response=list[HookShown], auth=Key(HOOKS_READ))
def list_hooks(request: HttpRequest) -> list[dict[str, Any]]:
    """List the hooks in their order."""
    return [shown(row) for row in Hook.objects.prefetch_related("secrets", "versions")]


@router.post("/hooks", response={201: HookShown}, auth=Key(HOOKS_WRITE))
def create_hook(request: HttpRequest, entry: NewHook, response: HttpResponse) -> Any:
    """Make a hook. Its script is parsed and type-checked first."""
    if Hook.objects.filter(name=clean(entry.name)).exists():
        raise Problem(409, "hook_exists", f"There is a hook {entry.name} already.")
    row = _put(request, None, entry.name, entry)
    response["Location"] = f"/api/v1/hooks/{row.name}"
    return Status(201, shown(row))


@router.post("/hooks/check", response=ScriptChecked, auth=Key(HOOKS_WRITE))
def check_script(request: HttpRequest, source: ScriptSource) -> dict[str, Any]:
    """Parse and type-check a script. Nothing is saved."""
    nothing(request)
    checked = hook_entry.checked("script", source.script)
    return {
        "problems": checked.as_json(),
        "refusals": checked.refusals,
        "imports": [module.specifier for module in checked.modules],
        "unchecked": checked.unchecked,
    }


@router.put("/hooks/order", response=HookOrder, auth=Key(HOOKS_WRITE))
def order_hooks(request: HttpRequest, order: HookOrder) -> HookOrder:
    """Put the hooks into another order."""
    present = list(Hook.objects.values_list("name", flat=True))
    if sorted(order.names) != sorted(present):
        sentence = f"Name every hook once: {', '.join(present) or 'there are none'}."
        raise Problem(422, "invalid_request", sentence, [Fault("/names", "names every hook once")])
    with transaction.atomic():
        apply.reorder(order.names, actor(request))
    return order


@router.get("/hooks/{name}", response=HookShown, auth=Key(HOOKS_READ))
def read_hook(request: HttpRequest, name: str, response: HttpResponse) -> dict[str, Any]:
    """Read one hook, its script too."""
    about = shown(one(name))
    etag.tag(request, response, about)
    return about


@router.patch("/hooks/{name}", response=HookShown, auth=Key(HOOKS_WRITE))
def change_hook(request: HttpRequest, name: str, change: HookChange) -> dict[str, Any]:
    """Change a hook: enable or disable it, give it another script. It is kept as a new version."""
    row = one(name)
    etag.require(request, shown(row))
    said = change.root
    present = {key: value for key, value in shown(row).items() if key in HookSettings.model_fields}
    nulls = {key for key in said if said[key] is None} - {"timeout_ms", "script", "url"}
    demand([Fault(key, "cannot be null") for key in sorted(nulls)])
    entry = _settings({**present, **said})
    return shown(_put(request, row, row.name, entry))


@router.delete("/hooks/{name}", response={204: None}, auth=Key(HOOKS_WRITE))
def remove_hook(request: HttpRequest, name: str) -> Any:
    """Remove a hook; what it did stays in the log."""
    row = one(name)
    etag.require(request, shown(row))
    with transaction.atomic():
        apply.remove(row, actor(request))
    return Status(204, None)


def one(name: str) -> Hook:
    """Return a hook. Raises a problem where there is none of this name."""
    row = Hook.objects.filter(name=clean(name)).first()
    if row is None:
        raise missing("hook", name)
    return row


def shown(row: Hook) -> dict[str, Any]:
    """Return a hook as it is shown."""
    versions = [version.number for version in row.versions.all()]
    return {
        "name": row.name,
        "kind": row.kind,
        "script": row.script if row.kind == Hook.Kind.SCRIPT else None,
        "url": row.url or None,
        "problems": row.problems,
        "imports": [specifier for specifier, _ in row.modules],
        "secrets": [secret.name for secret in row.secrets.all()],
        "version": max(versions, default=0),
        **{name: getattr(row, name) for name in _SETTINGS},
    }


def _settings(said: dict[str, Any]) -> HookSettings:
    try:
        return HookSettings.model_validate(said)
    except ValidationError as error:
        raise InvalidValues(below(faults_of(error), "")) from None


def _put(request: HttpRequest, row: Hook | None, name: str, entry: HookSettings) -> Hook:
    """Check a hook, and write it. Nothing of the database is held while it is checked."""
    before = row.as_hook() if row else None
    given, checked = hook_entry.read(name, before, entry.model_dump())
    with transaction.atomic():
        return apply.put(given, row, actor(request), checked.as_json())
