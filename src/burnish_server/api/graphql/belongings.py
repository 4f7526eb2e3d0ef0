"""What belongs to a user: identities, authenticators, claims, sessions."""

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

import strawberry

from burnish.events import entities
from burnish_server.api.graphql import ids
from burnish_server.api.graphql.node import Entity, Node
from burnish_server.api.graphql.scalars import AuthenticatorClaims, ClaimValue, IdentityClaims


@strawberry.enum
class IdentityType(enum.Enum):
    ANONYMOUS = "anonymous"
    BIOMETRIC = "biometric"
    LDAP = "ldap"
    LOGIN_ID = "login_id"
    OAUTH = "oauth"
    PASSKEY = "passkey"
    SIWE = "siwe"


@strawberry.enum
class AuthenticatorType(enum.Enum):
    OOB_OTP_EMAIL = "oob_otp_email"
    OOB_OTP_SMS = "oob_otp_sms"
    PASSKEY = "passkey"
    PASSWORD = "password"  # noqa: S105 - a kind
    TOTP = "totp"


@strawberry.enum
class AuthenticatorKind(enum.Enum):
    PRIMARY = "primary"
    SECONDARY = "secondary"


@strawberry.enum
class SessionType(enum.Enum):
    IDP = "idp"
    OFFLINE_GRANT = "offline_grant"


@strawberry.type(description="A value shown to be the user's own, or not yet.")
class Claim:
    name: str
    value: ClaimValue


@strawberry.type(description="A way in which a user signs in.")
class Identity(Entity, Node):
    id: strawberry.ID
    created_at: datetime
    updated_at: datetime
    type: IdentityType
    told: strawberry.Private[Mapping[str, Any]]

    @strawberry.field
    def claims(self, names: list[str] | None = None) -> IdentityClaims:
        return IdentityClaims(_chosen(self.told, names))

    @classmethod
    def of(cls, one: entities.Identity) -> Self:
        """Return an identity as it is answered."""
        return cls(
            id=strawberry.ID(ids.encode("Identity", f"{one.user_id}/{one.id}")),
            created_at=one.created_at,
            updated_at=one.updated_at,
            type=IdentityType(one.type),
            told=one.claims,
        )


@strawberry.type(description="A means by which a user proves who they are.")
class Authenticator(Entity, Node):
    id: strawberry.ID
    created_at: datetime
    updated_at: datetime
    type: AuthenticatorType
    kind: AuthenticatorKind
    is_default: bool
    expire_after: datetime | None = None

    @strawberry.field
    def claims(self, names: list[str] | None = None) -> AuthenticatorClaims:
        return AuthenticatorClaims({})

    @classmethod
    def of(cls, one: entities.Authenticator) -> Self:
        """Return an authenticator as it is answered."""
        return cls(
            id=strawberry.ID(ids.encode("Authenticator", f"{one.user_id}/{one.id}")),
            created_at=one.created_at,
            updated_at=one.updated_at,
            type=AuthenticatorType(one.type),
            kind=AuthenticatorKind(one.kind),
            is_default=one.is_default,
        )


@strawberry.type(description="A session in which a user is signed in.")
class Session(Entity, Node):
    id: strawberry.ID
    created_at: datetime
    updated_at: datetime
    type: SessionType
    acr: str
    amr: list[str]
    client_id: str | None
    created_by_ip: str
    display_name: str
    last_accessed_at: datetime
    last_accessed_by_ip: str
    user_agent: str | None

    @classmethod
    def of(cls, user_id: object, one: entities.Session) -> Self:
        """Return a session as it is answered."""
        return cls(
            id=strawberry.ID(ids.encode("Session", f"{user_id}/{one.id}")),
            created_at=one.created_at,
            updated_at=one.updated_at,
            type=SessionType(one.type),
            acr="",
            amr=list(one.amr),
            client_id=one.client_id,
            created_by_ip=one.created_by_ip,
            display_name=one.display_name,
            last_accessed_at=one.last_accessed_at or one.updated_at,
            last_accessed_by_ip=one.last_accessed_by_ip,
            user_agent=one.user_agent or None,
        )


def _chosen(told: Mapping[str, Any], names: list[str] | None) -> dict[str, Any]:
    return {name: value for name, value in told.items() if names is None or name in names}
