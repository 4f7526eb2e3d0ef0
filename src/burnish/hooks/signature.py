"""Signatures of webhooks, made and checked.

Each delivery is signed in two ways: `x-authgear-body-signature`, the hexadecimal HMAC-SHA256 of the
body by the oldest live key, and the headers of https://www.standardwebhooks.com, which carry one
signature for each live key and the time, so that keys can be rotated and old messages refused.
"""

import base64
import hmac
import re
import secrets
import string
import time
from collections.abc import Iterable, Mapping, Sequence

from burnish.errors import BurnishError

BODY_SIGNATURE = "x-authgear-body-signature"

_STANDARD = "whsec_"
_ALPHABET = string.ascii_letters + string.digits + "_"


class InvalidSignature(BurnishError):
    """The message was not signed with this secret, or is too old; do not believe it."""

    code = "invalid_signature"


class UnusableSecret(BurnishError):
    """This secret cannot be signed with; copy it whole from where it is shown."""

    code = "unusable_secret"


def new_secret() -> str:
    """Return a new secret: 32 letters, digits and underscores."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(32))


def as_standard(secret: str) -> str:
    """Return a secret as receivers with a Standard Webhooks library want it: `whsec_...`."""
    if secret.startswith(_STANDARD):
        return secret
    return _STANDARD + base64.b64encode(secret.encode()).decode()


def key_of(secret: str) -> bytes:
    """Return the key that a secret stands for.

    A secret `whsec_...` is the key in base64 (RFC 4648, section 4; the padding may be missing), as
    Standard Webhooks has it; any other text is the key itself. Blanks around it do not count.

    Raises:
        UnusableSecret: It is empty, or `whsec_` stands before what is no base64.
    """
    secret = secret.strip()
    if not secret:
        raise UnusableSecret("The secret is empty; copy it whole from where it is shown.")
    if not secret.startswith(_STANDARD):
        return secret.encode("utf-8", "surrogatepass")
    text = secret.removeprefix(_STANDARD)
    try:
        key = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)
    except ValueError:
        key = b""
    if not key:
        raise UnusableSecret("Behind whsec_ stands no base64 (letters, digits, + and /).")
    return key


def headers(event_id: str, timestamp: int, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """Return the headers that sign a body; `timestamp` is the attempt's, in Unix seconds.

    `keys` are the live ones, the oldest first; there must be one at least.
    """
    signed = f"{event_id}.{timestamp}.".encode() + body
    return {
        BODY_SIGNATURE: hmac.digest(keys[0], body, "sha256").hex(),
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{_base64(key, signed)}" for key in keys),
    }


def verify(
    headers: Mapping[str, str],
    body: bytes,
    secrets: Iterable[str],
    *,
    tolerance: float = 300.0,
    now: float | None = None,
) -> None:
    """Return if the body was signed with one of the secrets; raise `InvalidSignature` otherwise.

    `body` must be the bytes as they came. Where the message carries a time, it may be `tolerance`
    seconds from `now` (Unix seconds, the present if None). A secret is written as Burnish shows
    it, or as `whsec_...`; one that `key_of` cannot use raises `UnusableSecret`.
    """
    given = {name.lower(): value for name, value in headers.items()}
    keys = [key_of(secret) for secret in secrets]
    if signatures := given.get("webhook-signature"):
        _require_recent(given.get("webhook-timestamp", ""), tolerance, now)
        signed = f"{given.get('webhook-id', '')}.{given['webhook-timestamp']}.".encode() + body
        expected = [f"v1,{_base64(key, signed)}" for key in keys]
        found = signatures.split(" ")
    else:
        expected = [hmac.digest(key, body, "sha256").hex() for key in keys]
        found = [given.get(BODY_SIGNATURE, "")]
    matches = [_same(one, other) for one in found for other in expected]
    if not any(matches):
        raise InvalidSignature


def _require_recent(timestamp: str, tolerance: float, now: float | None) -> None:
    present = time.time() if now is None else now
    if not re.fullmatch(r"[0-9]{1,12}", timestamp) or abs(present - int(timestamp)) > tolerance:
        raise InvalidSignature("The message carries no time, or one too far from the present.")


def _base64(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def _same(one: str, other: str) -> bool:
    # What came may hold half a surrogate pair, which UTF-8 has no form for.
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())
