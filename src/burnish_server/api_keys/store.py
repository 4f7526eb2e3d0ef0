"""Making, finding and revoking API keys.

A key is `bk_PREFIX_SECRET` with a secret of 256 random bits: nobody can try out so many, so a plain
hash of it is kept.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from burnish.errors import BurnishError
from burnish_server.api_keys.models import ApiKey
from burnish_server.api_keys.scope import SCOPES
from burnish_server.audit.log import Actor, record

_KEY = re.compile(r"bk_([a-z0-9]{8})_([A-Za-z0-9_-]{43})")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@-]{0,79}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"

NOTED_EVERY = timedelta(minutes=1)
"""How exact the time of last use is: a busy key is not written at every request."""


class UnfitKey(BurnishError):
    """No API key can be made like this."""

    code = "unfit_api_key"


class NameTaken(UnfitKey):
    """A key in use has this name."""

    code = "key_taken"


class MightierKey(BurnishError):
    """This key may do more than the one that asks."""

    code = "mightier_key"


def create(
    name: str, scopes: Sequence[str], actor: Actor, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a key, and return it with its text, which nobody can see again. Raises `UnfitKey`."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        there_are = f"there are {', '.join(SCOPES)}"
        raise UnfitKey(
            f"There is no scope {unknown[0]}; {there_are}."
            if unknown
            else f"Say what the key may do; {there_are}."
        )
    if not _NAME.fullmatch(name):
        raise UnfitKey("Name the key with 1 to 80 letters, digits and . _ @ -, such as crm-sync.")
    if expires_at is not None and expires_at <= timezone.now():
        raise UnfitKey("Let the key expire in the future, or leave that out.")
    prefix = "".join(secrets.choice(_LETTERS) for _ in range(8))
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        if ApiKey.objects.filter(name=name, revoked_at=None).exists():
            raise NameTaken(f"There is a key {name} already; revoke it, or take another name.")
        key = ApiKey(name=name, prefix=prefix, digest=_digest(secret), expires_at=expires_at)
        key.scopes = list(dict.fromkeys(scopes))
        key.save(force_insert=True)
        detail: dict[str, Any] = {"prefix": prefix, "scopes": key.scopes}
        if expires_at is not None:
            detail["expires_at"] = expires_at.isoformat(timespec="seconds")
        record(actor, "added", "API key", key.pk, name, detail)
    return key, f"bk_{prefix}_{secret}"


def find(text: str) -> ApiKey | None:
    """Return the key this is the text of, unless it was revoked or has expired."""
    parts = _KEY.fullmatch(text)
    if parts is None:
        return None
    key = ApiKey.objects.filter(prefix=parts[1]).first()
    # Whether there is such a prefix is compared in the same time as whether the secret is right.
    good = hmac.compare_digest(_digest(parts[2]), key.digest if key else "-" * 64)
    return key if good and key and key.is_good(timezone.now()) else None


def used(key: ApiKey, now: datetime) -> None:
    """Note that a key is used."""
    if key.last_used_at is None or now - key.last_used_at >= NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def revoke(which: str | UUID, actor: Actor, by: ApiKey | None = None) -> ApiKey | None:
    """Revoke the key of this id, name or prefix at once, and return it; None where there is none.

    A name or a prefix is a text. `by` is the key of the program that asks for it, if one does.

    Raises:
        MightierKey: The key to be revoked has a scope that `by` has not.
    """
    with transaction.atomic():
        keys = ApiKey.objects.select_for_update().filter(revoked_at=None)
        named = Q(pk=which) if isinstance(which, UUID) else Q(name=which) | Q(prefix=which)
        key = keys.filter(named).first()
        if key is not None and by is not None and (beyond := set(key.scopes) - set(by.scopes)):
            lacking = ", ".join(sorted(beyond))
            raise MightierKey(f"This API key lacks {lacking}, which {key.name} has.")
        if key is not None:
            key.revoked_at = timezone.now()
            key.save(update_fields=["revoked_at"])
            record(actor, "revoked", "API key", key.pk, key.name, {"prefix": key.prefix})
    return key


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
