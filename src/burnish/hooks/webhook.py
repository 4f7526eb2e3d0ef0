"""Webhooks: the event is posted to an address, and what it answers is the verdict."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address, and the keys its events are signed with: the oldest live one first."""

    url: str
    keys: tuple[bytes, ...] = field(default=(), compare=False, repr=False)
