"""Versions of hooks: what a hook was, and the way back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema

from burnish_server.api import hooks
from burnish_server.api.auth import Key
from burnish_server.api.auth import actor as named
from burnish_server.api.deed import record
from burnish_server.api.pointing import missing
from burnish_server.api_keys.scope import HOOKS_READ, HOOKS_WRITE
from burnish_server.hooks import versions
from burnish_server.hooks.models import Hook, Version

router = Router(tags=["hooks"])


class HookVersionLine(Schema):
    """One version: each save that changed something keeps one."""

    number: int
    saved_at: datetime
    saved_by: str


class HookVersion(HookVersionLine):
    """A version with what the hook was set to, and its script."""

    script: str
    settings: dict[str, Any]


@router.get("/hooks/{name}/versions", response=list[HookVersionLine], auth=Key(HOOKS_READ))
def list_versions(request: HttpRequest, name: str) -> list[Version]:
    """List the versions of a hook, the latest first."""
    return list(hooks.one(name).versions.all())


@router.get("/hooks/{name}/versions/{number}", response=HookVersion, auth=Key(HOOKS_READ))
def read_version(request: HttpRequest, name: str, number: int) -> dict[str, Any]:
    """Read one version."""
    row = _one(hooks.one(name), number)
    told = {key: value for key, value in row.settings.items() if key != "modules"}
    return {
        "number": row.number,
        "saved_at": row.saved_at,
        "saved_by": row.saved_by,
        "script": row.script,
        "settings": told,
    }


@router.post(
    "/hooks/{name}/versions/{number}/restore", response=hooks.HookShown, auth=Key(HOOKS_WRITE)
)
def restore_version(request: HttpRequest, name: str, number: int) -> dict[str, Any]:
    """Make a hook what it was in a version, which is kept as a new one."""
    row = hooks.one(name)
    version = _one(row, number)
    with transaction.atomic():
        versions.restore(version, named(request.auth).name)  # type: ignore[attr-defined]
        record(request, "restored", "hook", row.pk, row, {"version": version.number})
    return hooks.shown(hooks.one(name))


def _one(hook: Hook, number: int) -> Version:
    row = hook.versions.filter(number=number).first() if 0 < number < 2**31 else None
    if row is None:
        raise missing("version", str(number))
    return row
