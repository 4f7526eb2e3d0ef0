"""The keys tokens are signed with: made at first need, sealed, and changed without a gap.

A key that was retired stays among the published ones until the last token it signed is over.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.core.internal import jwkkit
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from burnish_server.hooks import sealing
from burnish_server.identity.oidc.models import Client, SigningKey
from burnish_server.kept import Kept

CACHED = timedelta(minutes=5)
"""How long apps may keep the published keys."""

_LOCK = 0x6F696463


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its id, the public part as a JWK, and the private part."""

    kid: str
    jwk: dict[str, Any]
    private: rsa.RSAPrivateKey
    retired_at: datetime | None


def _read() -> tuple[Key, ...]:
    found = []
    for row in SigningKey.objects.all():
        jwk, private = jwkkit.load_jwk_from_pem(sealing.unseal(row.sealed))
        public = {"kty": jwk["kty"], "n": jwk["n"], "e": jwk["e"]}
        public |= {"kid": row.kid, "use": "sig", "alg": "RS256"}
        found.append(Key(row.kid, public, private, row.retired_at))
    return tuple(found)


_kept = Kept(_read, SigningKey)


def known() -> tuple[Key, ...]:
    """Return all keys there are, the newest first."""
    return _kept()


def signing() -> Key:
    """Return the key that signs now; the first call of all makes it."""
    keys = known()
    if not keys:
        with transaction.atomic():
            _alone()
            if not SigningKey.objects.exists():
                _add()
        keys = known()
    return keys[0]


def published() -> list[dict[str, Any]]:
    """Return the public keys apps may meet a token of (RFC 7517)."""
    signing()
    at = timezone.now()
    return [key.jwk for key in known() if key.retired_at is None or key.retired_at > at - overlap()]


def overlap() -> timedelta:
    """Return how long a retired key is published: as long as its tokens can live."""
    longest = Client.objects.aggregate(longest=Max("access_token_lifetime_seconds"))["longest"]
    return timedelta(seconds=max(longest or 0, 1800)) + CACHED


def rotate() -> SigningKey:
    """Make a new key that signs from now on, retire the one before, and forget those long gone."""
    at = timezone.now()
    with transaction.atomic():
        _alone()
        SigningKey.objects.filter(retired_at__lt=at - overlap()).delete()
        SigningKey.objects.filter(retired_at=None).update(retired_at=at)
        return _add()


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _add() -> SigningKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    jwk, _ = jwkkit.load_jwk_from_pem(pem)
    return SigningKey.objects.create(kid=jwk["kid"], sealed=sealing.seal(pem))
