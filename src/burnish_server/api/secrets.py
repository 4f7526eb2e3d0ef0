"""Secrets: set and removed. Nothing here gives a value back."""

from datetime import datetime
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field, SecretStr

from burnish.attributes.faults import Fault, InvalidValues
from burnish_server.api.auth import Key
from burnish_server.api.deed import record
from burnish_server.api.pointing import clean, demand, missing
from burnish_server.api.problems import Problem
from burnish_server.api_keys.scope import SECRETS_WRITE
from burnish_server.hooks import secrets
from burnish_server.hooks.models import Hook, Secret

router = Router(tags=["secrets"])

Force = Annotated[bool, Query(description="Though scripts name it.")]


class SecretEntry(Schema):
    """A value, and which hooks may use it; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    value: SecretStr | None = Field(None, min_length=1, max_length=secrets.LONGEST)
    hooks: Annotated[list[str], Field(max_length=1000, examples=[["crm"]])] | None = None


class SecretShown(Schema):
    """A secret by name; hooks use it as `ctx.secrets.NAME`."""

    name: str = Field(examples=["VENDOR_KEY"])
    hooks: list[str] = Field(examples=[["crm"]])
    updated_at: datetime


@router.get("/secrets", response=list[SecretShown], auth=Key(SECRETS_WRITE))
def list_secrets(request: HttpRequest) -> list[dict[str, Any]]:
    """List the secrets by name."""
    return [_shown(row) for row in Secret.objects.prefetch_related("hooks")]


@router.put("/secrets/{name}", response=SecretShown, auth=Key(SECRETS_WRITE))
def put_secret(request: HttpRequest, name: str, entry: SecretEntry) -> dict[str, Any]:
    """Set a secret's value, and which hooks may use it. Nobody can read the value again."""
    value = entry.value.get_secret_value() if entry.value else None
    if value is not None and "\0" in value:
        raise InvalidValues([Fault("/value", "must not contain a null character")])
    try:
        with transaction.atomic():
            row = secrets.put(clean(name), value, _hooks(entry.hooks))
            detail = {"hooks": [hook.name for hook in row.hooks.all()], "value": bool(value)}
            record(request, "set", "secret", row.pk, row.name, detail)
    except secrets.Unfit as error:
        raise Problem(422, error.code, str(error)) from None
    return _shown(row)


@router.delete("/secrets/{name}", response={204: None}, auth=Key(SECRETS_WRITE))
def remove_secret(request: HttpRequest, name: str, force: Force = False) -> Any:
    """Remove a secret no script names, or one that some do by `force`."""
    row = Secret.objects.filter(name=clean(name)).first()
    if row is None:
        raise missing("secret", name)
    users = secrets.users_of(row.name)
    if users and not force:
        sentence = f"It is named by {', '.join(users)}; add ?force=true to remove it."
        raise Problem(409, "secret_in_use", sentence)
    with transaction.atomic():
        pk = row.pk
        row.delete()
        record(request, "removed", "secret", pk, row.name)
    return Status(204, None)


def _hooks(names: list[str] | None) -> list[Hook] | None:
    if names is None:
        return None
    found = {hook.name: hook for hook in Hook.objects.exclude(kind=Hook.Kind.WEBHOOK)}
    demand(
        [
            Fault(f"hooks.{place}", f"there is no script or plugin {name[:60]}")
            for place, name in enumerate(names)
            if name not in found
        ]
    )
    return [found[name] for name in names]


def _shown(row: Secret) -> dict[str, Any]:
    hooks = [hook.name for hook in row.hooks.all()]
    return {"name": row.name, "hooks": hooks, "updated_at": row.updated_at}
