"""PBKDF2 with a salt of any bytes; Django's own takes texts only."""

import hashlib

from burnish_server.identity.hashes.imported import Imported, from_base64, to_base64


class Pbkdf2(Imported):
    """`pbkdf2_bytes$DIGEST$ITERATIONS$SALT$HASH`, the last two in base64."""

    algorithm = "pbkdf2_bytes"

    def derive(self, password: str, encoded: str) -> bytes:
        """Return what a password comes to (RFC 8018, 5.2)."""
        _, digest, iterations, salt, hashed = encoded.split("$")
        return hashlib.pbkdf2_hmac(
            digest,
            password.encode(),
            from_base64(salt),
            int(iterations),
            len(from_base64(hashed)),
        )


def encoded(digest: str, iterations: int, salt: bytes, hashed: bytes) -> str:
    """Return a hash as it is stored."""
    parts = (Pbkdf2.algorithm, digest, str(iterations), to_base64(salt), to_base64(hashed))
    return "$".join(parts)
