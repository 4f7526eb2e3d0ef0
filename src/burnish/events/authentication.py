"""Events on the way in: they may ask for more proof, for a challenge, for slower attempts."""

from dataclasses import dataclass
from typing import Any, ClassVar

from burnish.events.entities import AuthenticationContext, Identification
from burnish.events.event import Event


@dataclass(frozen=True, slots=True)
class AuthenticationPreInitialize(Event):
    """Somebody begins to sign up, to sign in or to prove once more who they are."""

    type: ClassVar[str] = "authentication.pre_initialize"
    blocking: ClassVar[bool] = True
    may_return: ClassVar[frozenset[str]] = frozenset(
        {"constraints", "bot_protection", "rate_limits"}
    )

    authentication_context: AuthenticationContext

    def payload(self) -> dict[str, Any]:
        return {"authentication_context": self.authentication_context.as_json()}


@dataclass(frozen=True, slots=True)
class AuthenticationPostIdentified(Event):
    """Somebody has said who they are, and has not proved it yet."""

    type: ClassVar[str] = "authentication.post_identified"
    blocking: ClassVar[bool] = True
    may_return: ClassVar[frozenset[str]] = frozenset(
        {"constraints", "bot_protection", "rate_limits"}
    )

    identification: Identification
    authentication_context: AuthenticationContext

    def payload(self) -> dict[str, Any]:
        return {
            "identification": self.identification.as_json(),
            "authentication_context": self.authentication_context.as_json(),
        }


@dataclass(frozen=True, slots=True)
class AuthenticationPreAuthenticated(Event):
    """Somebody has proved who they are, and is about to be let in."""

    type: ClassVar[str] = "authentication.pre_authenticated"
    blocking: ClassVar[bool] = True
    may_return: ClassVar[frozenset[str]] = frozenset({"constraints", "rate_limits"})

    authentication_context: AuthenticationContext

    def payload(self) -> dict[str, Any]:
        return {"authentication_context": self.authentication_context.as_json()}
