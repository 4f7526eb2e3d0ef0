"""Scopes: which there are, who may ask for which, and which attributes each lets through."""

from collections.abc import Iterable

from burnish.oauth.client import ApplicationType

OPENID = "openid"
OFFLINE = "offline_access"
DEVICE_SSO = "device_sso"
FULL_ACCESS = "https://authgear.com/scopes/full-access"
FULL_USERINFO = "https://authgear.com/scopes/full-userinfo"
PRE_AUTHENTICATED = "https://authgear.com/scopes/pre-authenticated-url"

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "profile": (
        *("name", "family_name", "given_name", "middle_name", "nickname", "preferred_username"),
        *("profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale"),
        "updated_at",
    ),
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
    "address": ("address",),
}
"""The attributes of each scope (OpenID Connect Core 5.4)."""

ALL = (
    *(OFFLINE, DEVICE_SSO, OPENID, *ATTRIBUTES),
    *(FULL_ACCESS, FULL_USERINFO, PRE_AUTHENTICATED),
)


def allowed(kind: ApplicationType) -> frozenset[str]:
    """Return what a kind of client may ask for when people sign in to it."""
    return frozenset(ALL) if kind.public else frozenset(ALL) - {FULL_ACCESS, PRE_AUTHENTICATED}


def full(scopes: Iterable[str]) -> bool:
    """Return whether all a bearer may see goes out, and how its person signs in."""
    return not {FULL_ACCESS, FULL_USERINFO}.isdisjoint(scopes)


def attributes(scopes: Iterable[str]) -> frozenset[str]:
    """Return the attributes these scopes let through."""
    return frozenset(name for scope in scopes for name in ATTRIBUTES.get(scope, ()))
