"""What somebody can prove with who they are."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator as Stored

from burnish.events.entities import Authenticator
from burnish_server.identity.models import User

_SECONDARY = {"totp": "totp", "recovery_codes": "recovery_code"}


def of(user: User) -> tuple[Authenticator, ...]:
    """Return somebody's authenticators, the primary ones first.

    A code can be sent wherever somebody has shown that it reaches them.
    """
    primary = {
        "password": user.has_usable_password(),
        "oob_otp_email": EmailAddress.objects.filter(user=user, verified=True).exists(),
        "oob_otp_sms": user.phone_number_verified,
    }
    stored = Stored.objects.filter(user=user).order_by("pk")
    keys = [one for one in stored if one.type == Stored.Type.WEBAUTHN]
    others = [one for one in stored if one.type in _SECONDARY]
    return (
        *(_made(user, kind, kind) for kind, is_there in primary.items() if is_there),
        *(_made(user, f"passkey/{one.pk}", "passkey", one.created_at) for one in keys),
        *(
            _made(user, f"{one.type}/{one.pk}", _SECONDARY[one.type], one.created_at)
            for one in others
        ),
    )


def _made(user: User, path: str, kind: str, at: datetime | None = None) -> Authenticator:
    return Authenticator(
        id=f"{user.pk}/{path}",
        user_id=str(user.pk),
        created_at=at or user.created_at,
        updated_at=at or user.created_at,
        type=kind,
        kind="secondary" if kind in _SECONDARY.values() else "primary",
        is_default=kind == "password",
    )
