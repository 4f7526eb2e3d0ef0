"""Erasure of a person's data: each room registers what it does when a person is forgotten.

Rooms register from `AppConfig.ready`, so whoever forgets a person imports none of their tables.
"""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

Forget = Callable[[UUID], object]

_rooms: dict[str, Forget] = {}


def register(room: str, forget: Forget) -> None:
    """Have `forget(user_id)` called with everybody who is deleted or anonymised.

    It removes or empties all rows of the room that hold something of the person, whether they
    refer to the user's row or not. The user's row itself is still there. It runs in a transaction
    and asks nobody outside.
    """
    _rooms[room] = forget


def rooms() -> tuple[str, ...]:
    """Return the names of the rooms that registered, in order."""
    return tuple(_rooms)


def forget(user_id: UUID) -> None:
    """Have every room forget a person; all of them, or none."""
    with transaction.atomic():
        for room in _rooms.values():
            room(user_id)
