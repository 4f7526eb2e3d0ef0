"""bcrypt, bare and over a digest of the password."""

import base64
import hashlib
import hmac

import bcrypt
from django.contrib.auth.hashers import BCryptPasswordHasher, BCryptSHA256PasswordHasher

from burnish_server.identity.hashes.imported import Imported

LONGEST = 72
"""Bytes of a password that bcrypt looks at; what made these hashes left out the rest."""


class Bcrypt(BCryptPasswordHasher):
    """Bare bcrypt: `bcrypt$` and the hash as others write it, `$2b$12$...`."""

    def encode(self, password: str, salt: bytes | str) -> str:
        """Return the hash of a password under a salt, or under the salt of a hash."""
        under = salt.encode() if isinstance(salt, str) else salt
        made = bcrypt.hashpw(password.encode()[:LONGEST], under)
        return f"{self.algorithm}${made.decode()}"

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Leave the time as it is: it is the other service's."""

    def must_update(self, encoded: str) -> bool:
        """Return that such a hash is to be made anew."""
        return True


class BcryptSha256(BCryptSHA256PasswordHasher):
    """Django's own: bcrypt of a digest of the password."""

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Leave the time as it is: it is the other service's."""

    def must_update(self, encoded: str) -> bool:
        """Return that such a hash is to be made anew."""
        return True


class PasslibBcryptSha256(Imported):
    """passlib's `$bcrypt-sha256$v=2,t=2b,r=12$SALT$DIGEST`: bcrypt of a keyed digest."""

    algorithm = "passlib_bcrypt_sha256"

    def derive(self, password: str, encoded: str) -> bytes:
        """Return the digest of a password under the salt and the cost of a hash."""
        _, _, _, parameters, salt, _ = encoded.split("$")
        parts = dict(part.split("=") for part in parameters.split(","))
        keyed = hmac.digest(salt.encode(), password.encode(), hashlib.sha256)
        under = f"${parts['t']}${int(parts['r']):02}${salt}"
        return bcrypt.hashpw(base64.b64encode(keyed), under.encode())[-31:]

    def expected(self, encoded: str) -> bytes:
        """Return what the right password comes to."""
        return encoded.rpartition("$")[2].encode()
