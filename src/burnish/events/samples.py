"""A made-up event of every type, for whoever tries a hook."""

from datetime import UTC, datetime
from typing import Any

from burnish.events import authentication, identity, oidc, profile, question, usage, user
from burnish.events.catalogue import CATALOGUE
from burnish.events.context import Context
from burnish.events.entities import (
    Authentication,
    AuthenticationContext,
    Authenticator,
    Identification,
    Identity,
    Session,
    User,
)
from burnish.events.event import Event, envelope
from burnish.events.user import AttributeChange

_ID = "5c0f2c0a-7d41-4a0e-9a35-2f1b6e5d8c11"
_AT = datetime(2026, 3, 4, 5, 6, 7, 123456, tzinfo=UTC)
_LATER = datetime(2026, 4, 3, 5, 6, 7, tzinfo=UTC)

_USER = User(
    id=_ID,
    created_at=_AT,
    updated_at=_AT,
    standard_attributes={
        "email": "ada@nordlake.example",
        "email_verified": True,
        "given_name": "Ada",
        "family_name": "Nguyen",
        "updated_at": 1772600767,
    },
    custom_attributes={},
    last_login_at=_AT,
    is_verified=True,
    can_reauthenticate=True,
)
_EMAIL = Identity.login_id(
    "9b1d7b0e-1f0a-4d0e-8a1b-6f6d1d1c9a77",
    _ID,
    _AT,
    _AT,
    "email",
    "ada@nordlake.example",
    "Ada@nordlake.example",
)
_OLD_EMAIL = Identity.login_id(
    "0d2f6f9c-58a5-4a3e-8e0f-8d6a2c7f1b22",
    _ID,
    _AT,
    _AT,
    "email",
    "ada@old.example",
    "ada@old.example",
)
_PHONE = Identity.login_id(
    "3f9b3f6e-0f0e-4f2b-9d8d-6a2f1e7c9b33",
    _ID,
    _AT,
    _AT,
    "phone",
    "+46701740605",
    "+46 70 174 06 05",
)
_USERNAME = Identity.login_id(
    "77a1c0de-2b9a-4a55-8f0e-1c2d3e4f5a44", _ID, _AT, _AT, "username", "ada", "Ada"
)
_SOCIAL = Identity.oauth(
    "c1b2a3d4-5e6f-4a7b-8c9d-0e1f2a3b4c55",
    _ID,
    _AT,
    _AT,
    "google",
    "108204268033311374519",
    {"sub": "108204268033311374519", "email": "ada@nordlake.example"},
    {"email": "ada@nordlake.example"},
)
_DEVICE = Identity(
    "e5d4c3b2-a190-4f8e-9d7c-6b5a49382716",
    _ID,
    _AT,
    _AT,
    "biometric",
    {
        "https://authgear.com/claims/biometric/key_id": "k1",
        "https://authgear.com/claims/biometric/device_info": {},
        "https://authgear.com/claims/biometric/formatted_device_info": "Pixel 9",
    },
)
_PASSWORD = Authenticator(
    "a0b1c2d3-e4f5-4a6b-8c7d-9e0f1a2b3c66", _ID, _AT, _AT, "password", "primary", is_default=True
)
_SESSION = Session(
    id="b1c2d3e4-f5a6-4b7c-8d9e-0f1a2b3c4d77",
    created_at=_AT,
    updated_at=_AT,
    amr=("pwd",),
    created_by_ip="203.0.113.9",
    last_accessed_by_ip="203.0.113.9",
    display_name="Firefox on Linux",
    user_agent="Mozilla/5.0",
)
_BEGUN = AuthenticationContext(("login", "default"))
_IDENTIFIED = AuthenticationContext(("login", "default"), _USER, (Identification("email", _EMAIL),))
_PROVED = AuthenticationContext(
    ("login", "default"),
    _USER,
    (Identification("email", _EMAIL),),
    (Authentication("primary_password", _PASSWORD),),
    ("pwd", "x_primary_password"),
)
_CLAIMS = {
    "iss": "https://accounts.nordlake.example",
    "aud": ["https://accounts.nordlake.example"],
    "sub": _ID,
    "iat": 1772600767,
    "exp": 1772602567,
}
_CHANGES = (AttributeChange("given_name", None, "Ada"),)
_CITY = (AttributeChange("city", None, "Lyon"),)

_OF_USER = {
    user.UserProfilePreUpdate: _USER,
    user.UserReenabled: _USER,
    user.UserDeletionUnscheduled: _USER,
    user.UserAnonymizationUnscheduled: _USER,
}
_PHONES = (
    identity.IdentityPhoneAdded,
    identity.IdentityPhoneRemoved,
    identity.IdentityPhoneVerified,
    identity.IdentityPhoneUnverified,
)
_USERNAMES = (
    identity.IdentityUsernameAdded,
    identity.IdentityUsernameRemoved,
    identity.IdentityUsernameVerified,
    identity.IdentityUsernameUnverified,
)


def _changed(**members: Any) -> User:
    return User(**{name: getattr(_USER, name) for name in User.__slots__} | members)


def _events() -> list[Event]:
    leaving = _changed(is_disabled=True, delete_at=_LATER, delete_reason="no longer needed")
    fading = _changed(is_disabled=True, anonymize_at=_LATER)
    gone = _changed(
        is_disabled=True, is_anonymized=True, standard_attributes={"updated_at": 1772600767}
    )
    anonymous = _changed(is_anonymous=True, standard_attributes={"updated_at": 1772600767})
    closed = _changed(
        is_disabled=True,
        disable_reason="asked us to",
        temporarily_disabled_from=_AT,
        temporarily_disabled_until=_LATER,
    )
    return [
        user.UserPreCreate(_USER, (_EMAIL,)),
        user.UserPreScheduleDeletion(leaving),
        user.UserPreScheduleAnonymization(fading),
        authentication.AuthenticationPreInitialize(_BEGUN),
        authentication.AuthenticationPostIdentified(Identification("email", _EMAIL), _IDENTIFIED),
        authentication.AuthenticationPreAuthenticated(_PROVED),
        oidc.OIDCJWTPreCreate(_USER, (_EMAIL,), _CLAIMS),
        oidc.OIDCIDTokenPreCreate(_USER, (_EMAIL,), _CLAIMS),
        user.UserCreated(_USER, (_EMAIL,)),
        user.UserAuthenticated(_USER, _SESSION),
        user.UserReauthenticated(_USER, _SESSION),
        user.UserProfileUpdated(_USER, _CHANGES),
        user.UserDisabled(closed, _AT, _LATER),
        user.UserAnonymousPromoted(anonymous, _USER, (_EMAIL,)),
        user.UserDeletionScheduled(leaving),
        user.UserDeleted(leaving, "no longer needed"),
        user.UserAnonymizationScheduled(fading),
        user.UserAnonymized(gone),
        *(event(who) for event, who in _OF_USER.items()),
        identity.IdentityEmailAdded(_USER, _EMAIL),
        identity.IdentityEmailRemoved(_USER, _OLD_EMAIL),
        identity.IdentityEmailUpdated(_USER, _EMAIL, _OLD_EMAIL),
        identity.IdentityEmailVerified(_USER, _EMAIL),
        identity.IdentityEmailUnverified(_USER, _EMAIL),
        *(event(_USER, _PHONE) for event in _PHONES),
        identity.IdentityPhoneUpdated(_USER, _PHONE, _PHONE),
        *(event(_USER, _USERNAME) for event in _USERNAMES),
        identity.IdentityUsernameUpdated(_USER, _USERNAME, _USERNAME),
        identity.IdentityOAuthConnected(_USER, _SOCIAL),
        identity.IdentityOAuthDisconnected(_USER, _SOCIAL),
        identity.IdentityBiometricEnabled(_USER, _DEVICE),
        identity.IdentityBiometricDisabled(_USER, _DEVICE),
        usage.UsageAlertTriggered("lookups", "enrichment", "month", 1000, 1000, "default"),
        profile.ProfileEnriched(_USER, {"provider:acme": ["city"]}, _CITY),
        profile.ProfileFactExpired(_USER, "city", "provider:acme", _AT, _CITY),
        question.QuestionAsked(_USER, "team", ["company_size"], "a"),
        question.QuestionAnswered(_USER, "team", ["company_size"], "a"),
        question.QuestionSkipped(_USER, "team", ["company_size"], "a", forever=False),
    ]


def sample(type: str) -> dict[str, Any]:
    """Return an event of a type as hooks are given it. Raises `KeyError` for an unknown type."""
    return envelope(type, sampled()[type].payload(), 8010, _context().as_json())


def _context() -> Context:
    return Context(
        timestamp=1772600767,
        triggered_by="user",
        user_id=_ID,
        audit_context={"http_url": "https://accounts.nordlake.example/signup/"},
        preferred_languages=("fr-CA", "en"),
        geo_location_code="CA",
        ip_address="203.0.113.9",
        user_agent="Mozilla/5.0",
        app_id="burnish",
    )


def sampled() -> dict[str, Event]:
    """Return the made-up events themselves, by type."""
    found = {event.type: event for event in _events()}
    return {type: found[type] for type in CATALOGUE}
