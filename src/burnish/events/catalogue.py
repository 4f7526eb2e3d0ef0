"""All events there are, by name."""

from burnish.events.event import Event
from burnish.events.user import UserCreated, UserPreCreate

CATALOGUE: dict[str, type[Event]] = {event.type: event for event in (UserPreCreate, UserCreated)}

BLOCKING: tuple[str, ...] = tuple(name for name, event in CATALOGUE.items() if event.blocking)
