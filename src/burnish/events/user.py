"""Events in the life of a user."""

from dataclasses import dataclass
from typing import Any, ClassVar

from burnish.events.entities import Identity, User
from burnish.events.event import Event


@dataclass(frozen=True, slots=True)
class UserPreCreate(Event):
    """A user is about to be created: at sign-up, or by an administrator.

    Nothing is stored yet. A hook may refuse the user, or change its attributes.
    """

    type: ClassVar[str] = "user.pre_create"
    blocking: ClassVar[bool] = True
    may_return: ClassVar[frozenset[str]] = frozenset({"mutations"})

    user: User
    identities: tuple[Identity, ...]

    def payload(self) -> dict[str, Any]:
        return {
            "user": self.user.as_json(),
            "identities": [identity.as_json() for identity in self.identities],
        }


@dataclass(frozen=True, slots=True)
class UserCreated(Event):
    """A user was created, and is certainly readable."""

    type: ClassVar[str] = "user.created"
    blocking: ClassVar[bool] = False

    user: User
    identities: tuple[Identity, ...]

    def payload(self) -> dict[str, Any]:
        return {
            "user": self.user.as_json(),
            "identities": [identity.as_json() for identity in self.identities],
        }
