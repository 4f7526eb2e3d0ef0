"""Which mutations ask anybody outside: for them nothing is held, so each is written by itself."""

from collections.abc import Iterable, Mapping

from burnish.events.user import (
    UserPreCreate,
    UserPreScheduleAnonymization,
    UserPreScheduleDeletion,
    UserProfilePreUpdate,
)
from burnish_server.enrichment import store as enrichment
from burnish_server.hooks import store as hooks

EVENTS: Mapping[str, str] = {
    "createUser": UserPreCreate.type,
    "updateUser": UserProfilePreUpdate.type,
    "scheduleAccountDeletion": UserPreScheduleDeletion.type,
    "scheduleAccountAnonymization": UserPreScheduleAnonymization.type,
}
"""The blocking event of each."""


def asked_by(mutations: Iterable[str]) -> bool:
    """Say whether hooks or providers are asked in the course of these mutations."""
    return any(
        bool(hooks.listening(EVENTS[name]))
        or (name == "createUser" and bool(enrichment.setup().waterfalls))
        for name in mutations
        if name in EVENTS
    )
