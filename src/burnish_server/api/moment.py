"""Moments somebody sends: with an offset or without one, they are taken as UTC."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator


def _utc(at: datetime) -> datetime:
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        raise ValueError("is too far away") from None


Moment = Annotated[datetime, AfterValidator(_utc)]
"""A time; without an offset it is UTC. PostgreSQL knows fewer offsets than RFC 3339 does."""
