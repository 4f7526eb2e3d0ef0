"""Events at the token endpoint: a hook may add claims, and change none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from burnish.events.entities import Identity, User
from burnish.events.event import Event


@dataclass(frozen=True, slots=True)
class TokenPreCreate(Event):
    """A token is about to be issued."""

    blocking: ClassVar[bool] = True
    may_return: ClassVar[frozenset[str]] = frozenset({"mutations"})
    member: ClassVar[Literal["jwt", "id_token"]]
    """Where in payload and mutations the token's own payload stands."""

    user: User
    identities: tuple[Identity, ...]
    claims: Mapping[str, Any]

    def payload(self) -> dict[str, Any]:
        return {
            "user": self.user.as_json(),
            "identities": [identity.as_json() for identity in self.identities] or None,
            self.member: {"payload": dict(self.claims)},
        }


class OIDCJWTPreCreate(TokenPreCreate):
    """A JWT access token is about to be issued. A hook may add claims to it."""

    type: ClassVar[str] = "oidc.jwt.pre_create"
    member: ClassVar[Literal["jwt", "id_token"]] = "jwt"


class OIDCIDTokenPreCreate(TokenPreCreate):
    """An ID token is about to be issued. A hook may add claims to it."""

    type: ClassVar[str] = "oidc.id_token.pre_create"
    member: ClassVar[Literal["jwt", "id_token"]] = "id_token"
