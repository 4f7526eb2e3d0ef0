"""A client of a Burnish service: `Burnish`, and `AsyncBurnish` with the same words."""

from burnish.client.asynchronous.burnish import AsyncBurnish
from burnish.client.errors import (
    Changed,
    ClientError,
    Conflict,
    Forbidden,
    Invalid,
    NoAnswer,
    NotFound,
    Refused,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    UnreadableAnswer,
)
from burnish.client.patience import Patience
from burnish.client.synchronous.burnish import Burnish

__all__ = [
    "AsyncBurnish",
    "Burnish",
    "Changed",
    "ClientError",
    "Conflict",
    "Forbidden",
    "Invalid",
    "NoAnswer",
    "NotFound",
    "Patience",
    "Refused",
    "TooManyRequests",
    "Unauthorized",
    "Unavailable",
    "UnreadableAnswer",
]
