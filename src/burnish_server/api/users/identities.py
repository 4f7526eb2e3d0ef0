"""What a user signs in with: read, added, changed, verified and taken away."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from burnish.attributes.faults import Fault, InvalidValues
from burnish.events.entities import Identity
from burnish_server.api import deed
from burnish_server.api.auth import Key
from burnish_server.api.problems import Problem
from burnish_server.api.text import Storable
from burnish_server.api.users import which
from burnish_server.api.users.creating import taken
from burnish_server.api.users.which import AROUND, UserId
from burnish_server.api_keys.scope import USERS_READ, USERS_WRITE
from burnish_server.identity import entities
from burnish_server.identity.flows import on_behalf
from burnish_server.identity.flows.administrator import Unacceptable
from burnish_server.identity.flows.login_ids import LastWayIn, Taken
from burnish_server.identity.login_id import LoginId
from burnish_server.identity.models import User

router = Router(tags=["identities"])

Kind = Literal["email", "phone", "username"]
Text = Annotated[Storable, Field(min_length=1, max_length=320)]

_CLAIMS = {"email": "email", "phone": "phone_number"}

_EXAMPLE: dict[str, Any] = {
    "id": "0b3f0d7e-1d0c-5a3e-9a55-6a1f0c2b7d11",
    "type": "login_id",
    "key": "email",
    "value": "ada@nordlake.example",
    "verified": True,
    "created_at": "2026-03-02T09:14:07Z",
    "claims": {"email": "ada@nordlake.example"},
}


class ShownIdentity(Schema):
    """One way a user signs in: `key` and `value` are those of an address, a number or a name.

    `claims` are as hooks see them; `verified` is null where there is nothing to verify.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: str
    type: str
    key: Kind | None
    value: str | None
    verified: bool | None
    created_at: datetime
    claims: dict[str, Any]


class Identities(Schema):
    """All of them, the primary one first."""

    items: list[ShownIdentity]


class NewIdentity(Schema):
    """An address, a number or a name to sign in with."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"key": "email", "value": "ada@nordlake.example", "verified": True}]
        },
    )

    key: Kind
    value: Text
    verified: bool = False


class Change(Schema):
    """Another value, which is not verified by itself, or whether the one there is verified."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"verified": True}]})

    value: Text | None = None
    verified: bool | None = None


@router.get("/users/{user_id}/identities", response=Identities, auth=Key(USERS_READ))
def list_identities(request: HttpRequest, user_id: UserId) -> dict[str, Any]:
    """List what a user signs in with."""
    user = which.user(user_id)
    return {"items": [_show(user, one) for one in entities.identities(user)]}


@router.post("/users/{user_id}/identities", response={201: ShownIdentity}, auth=Key(USERS_WRITE))
def add_identity(
    request: HttpRequest, response: HttpResponse, user_id: UserId, new: NewIdentity
) -> Any:
    """Add an e-mail address, a phone number or a username. The profile follows by itself."""
    user = which.changeable(request, user_id)
    one = _checked(new.key, new.value)
    with transaction.atomic():
        made = _tried(lambda: on_behalf.add(user, one, AROUND))
        if new.verified:
            _verify(user, one.key, one.value, verified=True)
        deed.record(request, "added", "identity", user.pk, user, {"key": one.key})
    response["Location"] = f"/api/v1/users/{user.pk}/identities/{made.id}"
    return Status(201, _show(which.user(user_id), made))


@router.patch(
    "/users/{user_id}/identities/{identity_id}", response=ShownIdentity, auth=Key(USERS_WRITE)
)
def change_identity(
    request: HttpRequest, user_id: UserId, identity_id: str, change: Change
) -> dict[str, Any]:
    """Put another value in its place, or say whether it is verified."""
    user = which.changeable(request, user_id)
    one = _find(user, identity_id)
    key, value = _key(one), _value(one)
    if key is None or value is None:
        raise Problem(409, "not_changeable", "This way to sign in can only be taken away.")
    new = _checked(key, change.value or value)
    with transaction.atomic():
        if new.value != value:
            one = _tried(lambda: on_behalf.replace(user, one, new, AROUND))
        if change.verified is not None:
            _verify(user, key, new.value, verified=change.verified)
        detail = {"key": key, "changed": sorted(change.model_fields_set)}
        deed.record(request, "changed", "identity", user.pk, user, detail)
    return _show(which.user(user_id), one)


@router.delete(
    "/users/{user_id}/identities/{identity_id}", response={204: None}, auth=Key(USERS_WRITE)
)
def remove_identity(request: HttpRequest, user_id: UserId, identity_id: str) -> Status[None]:
    """Take a way to sign in away. The last one stays."""
    user = which.changeable(request, user_id)
    one = _find(user, identity_id)
    with transaction.atomic():
        _tried(lambda: on_behalf.remove(user, one, AROUND))
        deed.record(request, "removed", "identity", user.pk, user, {"type": one.type})
    return Status(204, None)


def _find(user: User, identity_id: str) -> Identity:
    found = next((one for one in entities.identities(user) if one.id == identity_id), None)
    if found is None:
        raise Problem(404, "identity_not_found", "This user has no such identity.")
    return found


def _checked(key: str, value: str) -> LoginId:
    return _tried(lambda: on_behalf.checked(key, value))


def _tried(act: Any) -> Any:
    try:
        return act()
    except Taken:
        raise taken() from None
    except LastWayIn:
        sentence = "This is the user's last way to sign in; add another one first."
        raise Problem(409, "last_way_in", sentence) from None
    except Unacceptable as error:
        raise InvalidValues([Fault("/value", str(error))]) from None


def _verify(user: User, key: str, value: str, *, verified: bool) -> None:
    if key not in _CLAIMS:
        raise InvalidValues([Fault("/verified", "there is nothing to verify about a username")])
    _tried(lambda: on_behalf.set_verified(user, _CLAIMS[key], value, verified, AROUND))


def _key(one: Identity) -> Kind | None:
    return next((key for key in on_behalf.KEYS if on_behalf.value_of(one, key)), None)


def _value(one: Identity) -> str | None:
    key = _key(one)
    return on_behalf.value_of(one, key) if key else None


def _show(user: User, one: Identity) -> dict[str, Any]:
    key, value = _key(one), _value(one)
    verified = None
    if key == "phone":
        verified = user.phone_number_verified
    elif key == "email":
        verified = value in user.verified_emails  # type: ignore[attr-defined]
    return {
        "id": one.id,
        "type": one.type,
        "key": key,
        "value": value,
        "verified": verified,
        "created_at": one.created_at,
        "claims": dict(one.claims),
    }
