"""The whole configuration: read as a file, checked, compared with what there is, and applied."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, NoReturn

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from burnish import file
from burnish.attributes.faults import Fault
from burnish.config import Config, Plan, check_scripts
from burnish.hooks.modules import NotPinned
from burnish_server.api.auth import Key
from burnish_server.api.deed import actor, nothing
from burnish_server.api.problems import Problem
from burnish_server.api_keys.scope import CONFIG_READ, CONFIG_WRITE
from burnish_server.configuration import sent, whole

router = Router(tags=["configuration"])

YAML = "application/yaml"

_FILE = "segments:\n  named:\n    - attribute: name\n      known: true\n"


class ConfigSent(Schema):
    """A configuration file, and the scripts beside it by path; what it does not name stays."""

    model_config = ConfigDict(extra="forbid")

    config: str = Field(max_length=1_000_000, examples=[_FILE])
    scripts: Annotated[dict[str, str], Field(max_length=200)] = Field(default_factory=dict)
    allow_loss: bool = Field(False, description="Withdraw values that do not fit any more.")


class ConfigComplaint(Schema):
    """Something that is wrong, and where in the file."""

    path: str = Field(examples=["segments.named.0.attribute"])
    detail: str


class ConfigChecked(Schema):
    """What is wrong with a file: errors keep it from being applied, warnings do not."""

    errors: list[ConfigComplaint]
    warnings: list[ConfigComplaint]


class ConfigChanges(Schema):
    """What a file changes, a line each; what it would lose; and what it does not name.

    `applied` says whether it was done.
    """

    changes: list[str] = Field(examples=[["+ segment named"]])
    losses: list[ConfigComplaint]
    errors: list[ConfigComplaint]
    kept: list[str] = Field(examples=[["hook geo"]])
    applied: bool


class ConfigExported(Schema):
    """The configuration as a file, and the scripts beside it by path."""

    config: str = Field(examples=[_FILE])
    scripts: dict[str, str]


@router.get("/config", response=ConfigExported, auth=Key(CONFIG_READ))
def export_config(request: HttpRequest) -> dict[str, Any]:
    """Write the whole configuration out. Secrets are never part of it."""
    content, scripts = whole.export()
    return {"config": file.write(content), "scripts": scripts}


@router.get(
    "/config.yaml",
    auth=Key(CONFIG_READ),
    openapi_extra={
        "responses": {
            200: {"description": "The file", "content": {YAML: {"schema": {"type": "object"}}}}
        }
    },
)
def export_yaml(request: HttpRequest) -> HttpResponse:
    """Write the configuration out as the file alone, without its scripts."""
    content, _ = whole.export()
    return HttpResponse(file.write(content), content_type=YAML)


@router.post("/config/check", response=ConfigChecked, auth=Key(CONFIG_READ))
def check_config(request: HttpRequest, given: ConfigSent) -> dict[str, Any]:
    """Say what is wrong with a file, its scripts too. It is compared with nothing."""
    nothing(request)
    found = sent.read(given.config, given.scripts)
    if not isinstance(found, Config):
        return {"errors": _told(found), "warnings": []}
    errors, warnings = asyncio.run(check_scripts(found))
    return {"errors": _told(errors), "warnings": _told(warnings)}


@router.post("/config/plan", response=ConfigChanges, auth=Key(CONFIG_READ))
def plan_config(request: HttpRequest, given: ConfigSent) -> dict[str, Any]:
    """Say what applying a file would change. Nothing is written."""
    nothing(request)
    return _changes(whole.plan(_read(given)), applied=False)


@router.post("/config/apply", response=ConfigChanges, auth=Key(CONFIG_WRITE))
def apply_config(request: HttpRequest, given: ConfigSent) -> dict[str, Any]:
    """Apply a file: all of it, or nothing."""
    config = _read(given)
    plan = whole.plan(config)
    _refuse(plan.faults)
    if plan.losses and not given.allow_loss:
        _refuse(plan.losses, "values_would_be_lost")
    if not plan.lines:
        nothing(request)
        return _changes(plan, applied=False)
    try:
        _refuse(whole.apply(config, actor(request), allow_loss=given.allow_loss))
    except NotPinned as error:
        raise Problem(422, "import_not_fetched", str(error)) from None
    return _changes(plan, applied=True)


def _read(given: ConfigSent) -> Config:
    found = sent.read(given.config, given.scripts)
    if not isinstance(found, Config):
        _wrong(found, "invalid_config")
    return found


def _refuse(faults: Sequence[Fault], code: str = "config_refused") -> None:
    if faults:
        _wrong(faults, code)


def _wrong(faults: Sequence[Fault], code: str) -> NoReturn:
    """Refuse a file; the paths are those in it."""
    words = "; ".join(str(fault) for fault in faults[:5])
    status = 409 if code == "values_would_be_lost" else 422
    told = [Fault(f"/config/{fault.path.replace('.', '/')}", fault.message) for fault in faults]
    raise Problem(status, code, f"The configuration cannot be applied: {words}.", told)


def _changes(plan: Plan, *, applied: bool) -> dict[str, Any]:
    return {
        "changes": list(plan.lines),
        "losses": _told(plan.losses),
        "errors": _told(plan.faults),
        "kept": list(plan.kept),
        "applied": applied,
    }


def _told(faults: Sequence[Fault]) -> list[dict[str, str]]:
    return [{"path": fault.path, "detail": fault.message} for fault in faults]
