"""What a project settles: attributes, roles and groups, and who did what."""

from datetime import datetime
from typing import Any
from uuid import UUID

from burnish.client.answers.answer import Answer


class Role(Answer):
    """A role users may have."""

    id: str
    key: str
    name: str
    description: str
    created_at: datetime
    updated_at: datetime


class Group(Role):
    """A group users may be in; `roles` are those everybody in it has."""

    roles: tuple[str, ...]


class Attribute(Answer):
    """A custom attribute as it is; `access_control` says what each party may do."""

    id: str
    name: str
    pointer: str
    type: str
    access_control: dict[str, str]
    minimum: float | None
    maximum: float | None
    enum: tuple[str, ...] | None
    label: str
    help_text: str
    purpose: str
    indexed: bool
    sensitive: bool
    retired: bool


class AllAttributes(Answer):
    """Every attribute there is, the retired ones too."""

    standard: tuple[dict[str, Any], ...]
    custom: tuple[Attribute, ...]


class Entry(Answer):
    """That somebody did something. `detail` names what changed, never a profile's values."""

    id: int
    at: datetime
    door: str
    actor: str
    actor_id: UUID | None
    action: str
    subject_kind: str
    subject_id: str
    subject: str
    detail: dict[str, Any]
