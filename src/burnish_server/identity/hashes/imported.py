"""What the hashers of imported hashes have in common."""

import base64
import binascii
from typing import Any

from django.contrib.auth.hashers import BasePasswordHasher
from django.utils.crypto import constant_time_compare


class Imported(BasePasswordHasher):
    """Verifies hashes of one scheme and makes none: who signs in gets one of our own."""

    def derive(self, password: str, encoded: str) -> bytes:
        """Return what a password comes to under the salt and the costs of a hash."""
        raise NotImplementedError

    def expected(self, encoded: str) -> bytes:
        """Return what the right password comes to."""
        return from_base64(encoded.rpartition("$")[2])

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether this is the password."""
        return constant_time_compare(self.derive(password, encoded), self.expected(encoded))

    def encode(self, password: str, salt: str) -> str:
        """Refuse to make such a hash."""
        raise NotImplementedError(f"{self.algorithm} is only verified, never made")

    def must_update(self, encoded: str) -> bool:
        """Return that such a hash is to be made anew."""
        return True

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Leave the time as it is: it is the other service's."""

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        """Return what may be shown of a hash."""
        return {"algorithm": self.algorithm}


def from_base64(text: str) -> bytes:
    """Return the bytes of a text in base64 of either alphabet, padded or not. Raises ValueError."""
    plain = text.strip().rstrip("=").translate(str.maketrans("-_.", "+/+"))
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error:
        raise ValueError("is not base64") from None


def to_base64(content: bytes) -> str:
    """Return bytes as text in base64."""
    return base64.b64encode(content).decode()
