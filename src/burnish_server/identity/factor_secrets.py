"""Secrets of authenticator apps and seeds of recovery codes at rest: sealed.

allauth asks its adapter to encrypt what it stores in `mfa_authenticator.data`.
"""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from burnish_server.hooks import sealing

_SECRETS = ("secret", "seed")
_KINDS = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
AT_ONCE = 500


class FactorAdapter(DefaultMFAAdapter):
    """allauth's behaviour, with secrets sealed by the keys of the settings."""

    def encrypt(self, text: str) -> str:
        """Return a secret sealed."""
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret, also one that an older version stored in the clear.

        Raises `InvalidSettings` where the key it was sealed with is gone.
        """
        return sealing.unseal_if_sealed(encrypted_text)


def resealed(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of an authenticator with its secrets sealed by the first of the keys."""
    sealed: dict[str, Any] = {name: _anew(data[name]) for name in _SECRETS if name in data}
    if codes := data.get("migrated_codes"):
        sealed["migrated_codes"] = [_anew(code) for code in codes]
    return {**data, **sealed}


def reseal(authenticators: Any = Authenticator.objects) -> int:
    """Seal all secrets with the first of the keys; return of how many authenticators.

    `authenticators` is a manager, which a migration brings of its own.
    """
    count, last = 0, 0
    while True:
        with transaction.atomic():
            kinds = authenticators.filter(type__in=_KINDS, pk__gt=last).order_by("pk")
            rows = list(kinds.select_for_update()[:AT_ONCE])
            for row in rows:
                row.data = resealed(row.data)
            authenticators.bulk_update(rows, ["data"])
        if not rows:
            return count
        count, last = count + len(rows), rows[-1].pk


def _anew(text: str) -> str:
    return sealing.seal(sealing.unseal_if_sealed(text))
