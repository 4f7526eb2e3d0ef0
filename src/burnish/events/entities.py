"""The objects events carry: users, identities, authenticators, sessions, as hooks see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

_CLAIM = "https://authgear.com/claims/"

LOGIN_ID_CLAIMS = {"email": "email", "phone": "phone_number", "username": "preferred_username"}
"""The claim a login id gives, by its key."""

IdentityType = Literal["login_id", "oauth", "anonymous", "biometric", "passkey", "siwe", "ldap"]


def timestamp(moment: datetime) -> str:
    """Return RFC 3339 in UTC, up to microseconds, without trailing zeros."""
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return text.rstrip("0").rstrip(".") + "Z"


@dataclass(frozen=True, slots=True)
class Identity:
    """One way a user signs in. `claims` are by their full name."""

    id: str
    user_id: str
    created_at: datetime
    updated_at: datetime
    type: IdentityType
    claims: Mapping[str, Any]

    @classmethod
    def login_id(
        cls,
        id: str,
        user_id: str,
        created_at: datetime,
        updated_at: datetime,
        key: Literal["email", "phone", "username"],
        value: str,
        original_value: str,
    ) -> "Identity":
        """Return an e-mail address, a phone number or a username."""
        claims = {
            LOGIN_ID_CLAIMS[key]: value,
            f"{_CLAIM}login_id/key": key,
            f"{_CLAIM}login_id/type": key,
            f"{_CLAIM}login_id/original_value": original_value,
            f"{_CLAIM}login_id/value": value,
        }
        return cls(id, user_id, created_at, updated_at, "login_id", claims)

    @classmethod
    def oauth(
        cls,
        id: str,
        user_id: str,
        created_at: datetime,
        updated_at: datetime,
        provider: str,
        subject_id: str,
        profile: Mapping[str, Any],
        standard: Mapping[str, Any],
    ) -> "Identity":
        """Return a social identity; `profile` is the provider's own, `standard` what it gives."""
        claims = {
            **standard,
            f"{_CLAIM}oauth/provider_type": provider,
            f"{_CLAIM}oauth/provider_alias": provider,
            f"{_CLAIM}oauth/subject_id": subject_id,
            f"{_CLAIM}oauth/profile": dict(profile),
        }
        return cls(id, user_id, created_at, updated_at, "oauth", claims)

    @classmethod
    def passkey(
        cls,
        id: str,
        user_id: str,
        created_at: datetime,
        updated_at: datetime,
        credential_id: str,
        display_name: str,
    ) -> "Identity":
        """Return a passkey."""
        claims = {
            f"{_CLAIM}passkey/credential_id": credential_id,
            f"{_CLAIM}passkey/display_name": display_name,
        }
        return cls(id, user_id, created_at, updated_at, "passkey", claims)

    def as_json(self) -> dict[str, Any]:
        """Return the identity as it goes to hooks."""
        return {
            "id": self.id,
            "created_at": timestamp(self.created_at),
            "updated_at": timestamp(self.updated_at),
            "type": self.type,
            "user_id": self.user_id,
            "claims": dict(self.claims),
        }


@dataclass(frozen=True, slots=True)
class User:
    """A user with all attributes, those hidden from every party included.

    Custom attributes are by name. What is empty of the optional members is left out.
    """

    id: str
    created_at: datetime
    updated_at: datetime
    standard_attributes: Mapping[str, Any]
    custom_attributes: Mapping[str, Any]
    last_login_at: datetime | None = None
    is_anonymous: bool = False
    is_verified: bool = False
    is_disabled: bool = False
    disable_reason: str = ""
    is_deactivated: bool = False
    delete_at: datetime | None = None
    delete_reason: str = ""
    is_anonymized: bool = False
    anonymize_at: datetime | None = None
    temporarily_disabled_from: datetime | None = None
    temporarily_disabled_until: datetime | None = None
    account_valid_from: datetime | None = None
    account_valid_until: datetime | None = None
    can_reauthenticate: bool = False
    roles: tuple[str, ...] = field(default=())
    groups: tuple[str, ...] = field(default=())
    mfa_grace_period_end_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the user as it goes to hooks."""
        user = {
            "id": self.id,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "last_login_at": self.last_login_at,
            "is_anonymous": self.is_anonymous,
            "is_verified": self.is_verified,
            "is_disabled": self.is_disabled,
            "disable_reason": self.disable_reason,
            "is_deactivated": self.is_deactivated,
            "delete_at": self.delete_at,
            "delete_reason": self.delete_reason,
            "is_anonymized": self.is_anonymized,
            "anonymize_at": self.anonymize_at,
            "temporarily_disabled_from": self.temporarily_disabled_from,
            "temporarily_disabled_until": self.temporarily_disabled_until,
            "account_valid_from": self.account_valid_from,
            "account_valid_until": self.account_valid_until,
            "can_reauthenticate": self.can_reauthenticate,
            "standard_attributes": dict(self.standard_attributes),
            "custom_attributes": dict(self.custom_attributes),
            "x_web3": {},
            "roles": list(self.roles),
            "groups": list(self.groups),
            "mfa_grace_period_end_at": self.mfa_grace_period_end_at,
        }
        return _told(user)


@dataclass(frozen=True, slots=True)
class Authenticator:
    """A means by which a user proves who they are: a password, a code, a security key."""

    id: str
    user_id: str
    created_at: datetime
    updated_at: datetime
    type: str
    kind: Literal["primary", "secondary"]
    is_default: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the authenticator as it goes to hooks."""
        return {
            "id": self.id,
            "created_at": timestamp(self.created_at),
            "updated_at": timestamp(self.updated_at),
            "user_id": self.user_id,
            "type": self.type,
            "is_default": self.is_default,
            "kind": self.kind,
        }


@dataclass(frozen=True, slots=True)
class Session:
    """A session of a user who is signed in. The names of its members are the contract's own."""

    id: str
    created_at: datetime
    updated_at: datetime
    type: Literal["idp", "offline_grant"] = "idp"
    amr: tuple[str, ...] = ()
    last_accessed_at: datetime | None = None
    created_by_ip: str = ""
    last_accessed_by_ip: str = ""
    country_code: str = ""
    country_name: str = ""
    client_id: str | None = None
    display_name: str = ""
    application_name: str = ""
    user_agent: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the session as it goes to hooks."""
        session: dict[str, Any] = {
            "id": self.id,
            "created_at": timestamp(self.created_at),
            "updated_at": timestamp(self.updated_at),
            "type": self.type,
            "lastAccessedAt": timestamp(self.last_accessed_at or self.updated_at),
            "createdByIP": self.created_by_ip,
            "lastAccessedByIP": self.last_accessed_by_ip,
            "lastAccessedByIPCountryCode": self.country_code,
            "lastAccessedByIPEnglishCountryName": self.country_name,
            "clientID": self.client_id,
            "displayName": self.display_name,
        }
        optional = {
            "amr": list(self.amr),
            "applicationName": self.application_name,
            "userAgent": self.user_agent,
        }
        return session | {name: value for name, value in optional.items() if value}


@dataclass(frozen=True, slots=True)
class Identification:
    """How somebody said who they are: `email`, `phone`, `username`, `oauth`, `passkey`..."""

    identification: str
    identity: Identity | None = None
    id_token: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the identification as it goes to hooks."""
        return {
            "identification": self.identification,
            "identity": self.identity and self.identity.as_json(),
            "id_token": self.id_token,
        }


@dataclass(frozen=True, slots=True)
class Authentication:
    """How somebody proved it: `primary_password`, `secondary_totp`..."""

    authentication: str
    authenticator: Authenticator | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the authentication as it goes to hooks."""
        return {
            "authentication": self.authentication,
            "authenticator": self.authenticator and self.authenticator.as_json(),
        }


@dataclass(frozen=True, slots=True)
class AuthenticationContext:
    """How far somebody has come on their way in. `flow` is a type and a name."""

    flow: tuple[str, str] | None = None
    user: User | None = None
    identifications: tuple[Identification, ...] = ()
    authentications: tuple[Authentication, ...] = ()
    amr: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the context as it goes to hooks."""
        flow = self.flow and {"type": self.flow[0], "name": self.flow[1]}
        return {
            "authentication_flow": flow,
            "user": self.user and self.user.as_json(),
            "asserted_identifications": [one.as_json() for one in self.identifications],
            "asserted_authentications": [one.as_json() for one in self.authentications],
            "amr": sorted(set(self.amr)),
        }


def _told(members: Mapping[str, Any]) -> dict[str, Any]:
    told = {}
    for name, value in members.items():
        if value is None or value == "":
            continue
        told[name] = timestamp(value) if isinstance(value, datetime) else value
    return told
