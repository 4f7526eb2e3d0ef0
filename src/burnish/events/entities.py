"""The objects events carry: users and identities, as hooks see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

_CLAIM = "https://authgear.com/claims/login_id/"


def timestamp(moment: datetime) -> str:
    """Return RFC 3339 in UTC, up to microseconds, without trailing zeros."""
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return text.rstrip("0").rstrip(".") + "Z"


@dataclass(frozen=True, slots=True)
class Identity:
    """One way a user signs in: here a login id, such as an e-mail address."""

    id: str
    user_id: str
    created_at: datetime
    updated_at: datetime
    key: Literal["email", "phone", "username"]
    value: str
    original_value: str

    def as_json(self) -> dict[str, Any]:
        """Return the identity as it goes to hooks."""
        claim = {"email": "email", "phone": "phone_number", "username": "preferred_username"}
        return {
            "id": self.id,
            "created_at": timestamp(self.created_at),
            "updated_at": timestamp(self.updated_at),
            "type": "login_id",
            "user_id": self.user_id,
            "claims": {
                claim[self.key]: self.value,
                f"{_CLAIM}key": self.key,
                f"{_CLAIM}type": self.key,
                f"{_CLAIM}original_value": self.original_value,
                f"{_CLAIM}value": self.value,
            },
        }


@dataclass(frozen=True, slots=True)
class User:
    """A user with all attributes, those hidden from every party included."""

    id: str
    created_at: datetime
    updated_at: datetime
    standard_attributes: Mapping[str, Any]
    custom_attributes: Mapping[str, Any]
    last_login_at: datetime | None = None
    is_verified: bool = False
    is_disabled: bool = False
    can_reauthenticate: bool = False
    roles: tuple[str, ...] = field(default=())
    groups: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Return the user as it goes to hooks."""
        user: dict[str, Any] = {
            "id": self.id,
            "created_at": timestamp(self.created_at),
            "updated_at": timestamp(self.updated_at),
        }
        if self.last_login_at:
            user["last_login_at"] = timestamp(self.last_login_at)
        return user | {
            "is_anonymous": False,
            "is_verified": self.is_verified,
            "is_disabled": self.is_disabled,
            "is_deactivated": False,
            "is_anonymized": False,
            "can_reauthenticate": self.can_reauthenticate,
            "standard_attributes": dict(self.standard_attributes),
            "custom_attributes": dict(self.custom_attributes),
            "x_web3": {},
            "roles": list(self.roles),
            "groups": list(self.groups),
        }
