"""Users, what they sign in with, and where they are signed in."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from burnish.client.answers.answer import Answer, Attributes

LoginKey = Literal["email", "phone", "username"]


class User(Answer):
    """A user, with their profile as it is now; `roles` are those of their own."""

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
    standard_attributes: Attributes
    custom_attributes: Attributes
    roles: tuple[str, ...]
    groups: tuple[str, ...]


class Identity(Answer):
    """One way a user signs in; `verified` is None where there is nothing to verify."""

    id: str
    type: str
    key: LoginKey | None
    value: str | None
    verified: bool | None
    created_at: datetime
    claims: Attributes


class Identities(Answer):
    """All ways a user signs in, the primary one first."""

    items: tuple[Identity, ...]


class Memberships(Answer):
    """Roles of their own, groups, and the roles a user has by either."""

    roles: tuple[str, ...]
    groups: tuple[str, ...]
    effective_roles: tuple[str, ...]


class Session(Answer):
    """One place where a user is signed in."""

    id: str
    device: str
    ip_address: str
    created_at: datetime


class Sessions(Answer):
    """All places where a user is signed in, the latest first."""

    items: tuple[Session, ...]


class Ended(Answer):
    """How many sessions were ended."""

    ended: int
