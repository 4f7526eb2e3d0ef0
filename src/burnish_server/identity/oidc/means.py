"""How somebody signs in, as apps with full access are told."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator

from burnish.events.entities import Identity, timestamp
from burnish_server.identity import entities
from burnish_server.identity.models import User
from burnish_server.identity.oidc.claims import ABOUT

_LOGIN_ID = "https://authgear.com/claims/login_id/"
_OAUTH = "https://authgear.com/claims/oauth/"
_CLAIMS = {
    "login_id_key": f"{_LOGIN_ID}key",
    "login_id_type": f"{_LOGIN_ID}type",
    "oauth_provider_type": f"{_OAUTH}provider_type",
    "oauth_provider_alias": f"{_OAUTH}provider_alias",
}
_KINDS = {
    Authenticator.Type.TOTP: ("totp", "secondary"),
    Authenticator.Type.WEBAUTHN: ("passkey", "primary"),
}


def of(user: User) -> dict[str, Any]:
    """Return somebody's identities and authenticators, and whether there are recovery codes."""
    held = list(Authenticator.objects.filter(user=user).order_by("pk"))
    codes = any(one.type == Authenticator.Type.RECOVERY_CODES for one in held)
    return {
        f"{ABOUT}identities": [_identity(one) for one in entities.identities(user)],
        f"{ABOUT}authenticators": [*_password(user), *_authenticators(held)],
        f"{ABOUT}recovery_code_enabled": codes,
    }


def _identity(one: Identity) -> dict[str, Any]:
    said = one.as_json()
    shown = {name: said[name] for name in ("created_at", "updated_at", "type")}
    more = {name: said["claims"].get(claim) for name, claim in _CLAIMS.items()}
    return shown | {name: value for name, value in more.items() if value}


def _password(user: User) -> list[dict[str, Any]]:
    if not user.has_usable_password():
        return []
    return [_shown(user.created_at, user.created_at, "password", "primary")]


def _authenticators(held: list[Authenticator]) -> list[dict[str, Any]]:
    return [
        _shown(one.created_at, one.last_used_at or one.created_at, *_KINDS[one.type])
        for one in held
        if one.type in _KINDS
    ]


def _shown(created: datetime, updated: datetime, type: str, kind: str) -> dict[str, Any]:
    at = {"created_at": timestamp(created), "updated_at": timestamp(updated)}
    return {**at, "type": type, "kind": kind}
