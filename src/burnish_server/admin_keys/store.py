"""Admin keys: made, taken over from Authgear, found by the token they signed, and revoked.

A token is a JSON Web Token (RFC 7519) signed with RS256 by such a key: whoever has the private
half may do everything at the GraphQL Admin API.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from burnish.errors import BurnishError
from burnish_server.admin_keys.models import AdminKey
from burnish_server.audit.log import Actor, record

AUDIENCE = "burnish"
"""What tokens name as `aud` unless a key was given another: the id of the app, as in events."""

SKEW = timedelta(minutes=5)
"""By how much the clocks of two machines may differ."""

NOTED_EVERY = timedelta(minutes=1)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@-]{0,79}")
_SMALLEST = 2048


class UnfitKey(BurnishError):
    """No admin key can be made like this."""

    code = "unfit_admin_key"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who came with a token: its key, and what it says of who acts, for `context.audit_context`."""

    key: AdminKey
    audit_context: Mapping[str, Any] = field(default_factory=dict)


def create(name: str, actor: Actor, audience: str = AUDIENCE) -> tuple[AdminKey, str]:
    """Make a key pair; return the key, and the private half as PEM, which is kept nowhere."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=_SMALLEST)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    key = AdminKey(name=name, audience=audience, public_key=_pem(private.public_key()))
    key.key_id = str(key.pk)
    _add([key], actor)
    return key, pem.decode()


def take_over(name: str, data: Any, actor: Actor, audience: str) -> list[AdminKey]:
    """Take in the keys of a JSON Web Key set, such as Authgear's `admin-api.auth`.

    Of private keys only the public half is kept. Raises `UnfitKey`.
    """
    listed = data.get("keys") if isinstance(data, Mapping) else None
    if not isinstance(listed, list) or not listed:
        raise UnfitKey("There are no keys in it: a JSON Web Key set is {keys: [{kty: RSA, ...}]}.")
    keys = [_read(one, name, audience) for one in listed]
    _add(keys, actor)
    return keys


def find(token: str, now: datetime) -> Bearer | None:
    """Return whose token this is, if it is signed by a key in use and meant for us now."""
    try:
        kid = jwt.get_unverified_header(token).get("kid")
    except jwt.PyJWTError:
        return None
    if not isinstance(kid, str) or not kid.isprintable():
        return None
    key = AdminKey.objects.filter(key_id=kid, revoked_at=None).first()
    if key is None:
        return None
    try:
        claims = jwt.decode(
            token,
            key.public_key,
            algorithms=["RS256"],
            audience=key.audience,
            leeway=SKEW,
            options={"require": ["aud"], "verify_sub": False, "verify_jti": False},
        )
    except (jwt.PyJWTError, ValueError, OverflowError):
        return None
    if key.last_used_at is None or now - key.last_used_at >= NOTED_EVERY:
        AdminKey.objects.filter(pk=key.pk).update(last_used_at=now)
    said = claims.get("audit_context")
    return Bearer(key, said if isinstance(said, dict) else {})


def revoke(which: str | UUID, actor: Actor) -> AdminKey | None:
    """Revoke the key of this id, name or key id at once, and return it; None where there is none.

    A name or a key id is a text.
    """
    with transaction.atomic():
        keys = AdminKey.objects.select_for_update().filter(revoked_at=None)
        named = Q(pk=which) if isinstance(which, UUID) else Q(key_id=which) | Q(name=which)
        key = keys.filter(named).first()
        if key is not None:
            key.revoked_at = timezone.now()
            key.save(update_fields=["revoked_at"])
            record(actor, "revoked", "admin key", key.pk, key.name, {"key_id": key.key_id})
    return key


def _add(keys: list[AdminKey], actor: Actor) -> None:
    with transaction.atomic():
        for key in keys:
            if not _NAME.fullmatch(key.name):
                raise UnfitKey("Name the key with 1 to 80 letters, digits and . _ @ -.")
            if AdminKey.objects.filter(key_id=key.key_id).exists():
                raise UnfitKey(f"The key {key.key_id} is here already.")
            key.save(force_insert=True)
            record(actor, "added", "admin key", key.pk, key.name, {"key_id": key.key_id})


def _read(entry: Any, name: str, audience: str) -> AdminKey:
    kid = entry.get("kid") if isinstance(entry, Mapping) else None
    if not isinstance(kid, str) or not 0 < len(kid) <= 200 or not kid.isprintable():
        raise UnfitKey("Each key needs a kid, by which tokens name it.")
    if entry.get("kty") != "RSA":
        raise UnfitKey(f"The key {kid} is none of RSA, which tokens signed with RS256 need.")
    try:
        public = jwt.PyJWK(json.loads(json.dumps(dict(entry), default=str)), "RS256").key
        public = public.public_key() if isinstance(public, rsa.RSAPrivateKey) else public
    except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
        raise UnfitKey(f"The key {kid} cannot be read; copy it whole.") from error
    if public.key_size < _SMALLEST:
        raise UnfitKey(f"The key {kid} is shorter than {_SMALLEST} bits, which anybody may break.")
    return AdminKey(name=name, key_id=kid, public_key=_pem(public), audience=audience)


def _pem(key: rsa.RSAPublicKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()
