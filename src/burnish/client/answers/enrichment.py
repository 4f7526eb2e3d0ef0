"""What came of filling a profile in, and what that would ask."""

from datetime import datetime
from decimal import Decimal

from burnish.client.answers.answer import Answer, Attributes


class Lookup(Answer):
    """What came of one provider, without values; `ms` are milliseconds."""

    provider: str
    outcome: str
    reason: str
    detail: str
    gave: tuple[str, ...]
    refused: dict[str, str]
    ms: float
    cost: Decimal
    kept: str
    asked: bool
    at: datetime


class Filled(Answer):
    """An attribute a provider filled: how sure it is (0 to 1), since when and until when."""

    attribute: str
    source: str
    confidence: float
    observed_at: datetime
    expires_at: datetime | None


class Enriched(Answer):
    """What came of it so far; it is `complete` when nobody is waited for any more.

    `settled` are attributes nobody was asked about, and why.
    """

    user_id: str
    run: str | None
    complete: bool
    lookups: tuple[Lookup, ...]
    facts: tuple[Filled, ...]
    settled: dict[str, str]
    standard_attributes: Attributes
    custom_attributes: Attributes


class Step(Answer):
    """One provider's turn: `first`, `then`, `after` others, or `skipped`, and why."""

    attribute: str
    provider: str
    turn: str
    price: Decimal
    detail: str


class Planned(Answer):
    """Who would be asked first, each step, and what all of it can cost at `most`."""

    user_id: str
    first: tuple[str, ...]
    steps: tuple[Step, ...]
    most: Decimal
    settled: dict[str, str]
