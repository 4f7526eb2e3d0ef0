"""A user as the API shows them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict

from burnish_server.identity.models import User
from burnish_server.identity.whole import derived, profile_of
from burnish_server.profiles import store

EXAMPLE: dict[str, Any] = {
    "id": "5c0f2c0a-8c35-4a0e-9d3b-0c7a6a4f7f10",
    "created_at": "2026-03-02T09:14:07Z",
    "updated_at": "2026-03-02T09:14:07Z",
    "last_login_at": None,
    "email": "ada@nordlake.example",
    "phone_number": None,
    "username": None,
    "is_verified": True,
    "is_administrator": False,
    "is_disabled": False,
    "disable_reason": None,
    "temporarily_disabled_from": None,
    "temporarily_disabled_until": None,
    "delete_at": None,
    "delete_reason": None,
    "anonymize_at": None,
    "is_anonymized": False,
    "standard_attributes": {
        "email": "ada@nordlake.example",
        "given_name": "Ada",
        "email_verified": True,
        "updated_at": 1772442847,
    },
    "custom_attributes": {"city": "Lyon"},
    "roles": ["editor"],
    "groups": ["staff"],
}


class ShownUser(Schema):
    """A user, with their profile as it is now; `roles` are those of their own."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: UUID
    created_at: datetime
    updated_at: datetime
    last_login_at: datetime | None
    email: str | None
    phone_number: str | None
    username: str | None
    is_verified: bool
    is_administrator: bool
    is_disabled: bool
    disable_reason: str | None
    temporarily_disabled_from: datetime | None
    temporarily_disabled_until: datetime | None
    delete_at: datetime | None
    delete_reason: str | None
    anonymize_at: datetime | None
    is_anonymized: bool
    standard_attributes: dict[str, Any]
    custom_attributes: dict[str, Any]
    roles: list[str]
    groups: list[str]


def show(users: Sequence[User]) -> Iterable[dict[str, Any]]:
    """Return users that `whole` read as they are shown."""
    names = {one.id: one.name for one in store.schema().custom}
    return (_one(user, names) for user in users)


def show_one(user: User) -> dict[str, Any]:
    """Return one user that `whole` read as they are shown."""
    return next(iter(show([user])))


def _one(user: User, names: dict[str, str]) -> dict[str, Any]:
    profile, own = profile_of(user), derived(user)
    return {
        "id": str(user.pk),
        "created_at": user.created_at,
        "updated_at": max(user.updated_at, profile.updated_at),
        "last_login_at": user.last_login,
        "email": user.email,
        "phone_number": user.phone_number,
        "username": user.username,
        "is_verified": bool(own.get("email_verified") or own.get("phone_number_verified")),
        "is_administrator": user.is_staff,
        "is_disabled": not user.is_active,
        "disable_reason": user.disable_reason or None,
        "temporarily_disabled_from": user.temporarily_disabled_from,
        "temporarily_disabled_until": user.temporarily_disabled_until,
        "delete_at": user.delete_at,
        "delete_reason": user.delete_reason or None,
        "anonymize_at": user.anonymize_at,
        "is_anonymized": user.anonymized_at is not None,
        "standard_attributes": {**profile.standard, **own},
        "custom_attributes": {
            names[key]: value for key, value in profile.custom.items() if key in names
        },
        "roles": user.role_keys,  # type: ignore[attr-defined]
        "groups": user.group_keys,  # type: ignore[attr-defined]
    }
