"""Profiles, and where their values come from."""

from datetime import datetime
from typing import Any

from burnish.client.answers.answer import Answer, Attributes


class Profile(Answer):
    """A profile as it can be written. `etag` names the state it is, for `if_match`.

    `derived_attributes` are worked out by the service; `locked` are attributes whose value holds
    whatever the user says.
    """

    version: int
    standard_attributes: Attributes
    custom_attributes: Attributes
    derived_attributes: Attributes
    locked: tuple[str, ...]
    etag: str = ""


class Fact(Answer):
    """What one source said; of those that do not hold, `rule` and `reason` say why."""

    value: Any
    deleted: bool
    source: str
    observed_at: datetime
    confidence: float
    expires_at: datetime | None
    run: str | None
    author: str | None
    locked: bool
    effective: bool
    rule: str | None
    reason: str | None = None


class Facts(Answer):
    """Every fact of a profile by attribute; the one that holds comes first."""

    facts: dict[str, tuple[Fact, ...]]


class Explained(Answer):
    """Why an attribute has its value: `stale` is one that expired, with nothing newer known."""

    attribute: str
    value: Any
    stale: bool
    facts: tuple[Fact, ...]


class Said(Answer):
    """Something that was said, withdrawn, refused or converted; `by` is the administrator."""

    at: datetime
    version: int
    act: str
    attribute: str
    source: str
    value: Any
    confidence: float | None
    expires_at: datetime | None
    by: str | None
