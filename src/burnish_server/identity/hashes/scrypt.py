"""scrypt with a salt of any bytes, and Firebase's way with it."""

import hashlib

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from burnish_server.identity.hashes.imported import Imported, from_base64, to_base64

_BESIDES = 1024 * 1024
"""Memory OpenSSL asks for beside the blocks themselves."""


class Scrypt(Imported):
    """`scrypt_bytes$N$R$P$SALT$HASH`, the last two in base64."""

    algorithm = "scrypt_bytes"

    def derive(self, password: str, encoded: str) -> bytes:
        """Return what a password comes to (RFC 7914)."""
        _, n, r, p, salt, hashed = encoded.split("$")
        length = len(from_base64(hashed))
        return scrypt(password, from_base64(salt), int(n), int(r), int(p), length)


class FirebaseScrypt(Imported):
    """`firebase_scrypt$ROUNDS$MEM_COST$SALT$SEPARATOR$SIGNER_KEY$HASH`, four of them in base64.

    The project's signer key, encrypted with AES-256 in counter mode under what scrypt makes of the
    password, is the hash (https://github.com/firebase/scrypt).
    """

    algorithm = "firebase_scrypt"

    def derive(self, password: str, encoded: str) -> bytes:
        """Return what a password comes to."""
        _, rounds, memory, *texts = encoded.split("$")
        salt, separator, signer_key, _ = map(from_base64, texts)
        key = scrypt(password, salt + separator, 2 ** int(memory), int(rounds), 1, 32)
        encryptor = Cipher(AES(key), CTR(bytes(16))).encryptor()
        return encryptor.update(signer_key) + encryptor.finalize()


def scrypt(password: str, salt: bytes, n: int, r: int, p: int, length: int) -> bytes:
    """Return what scrypt makes of a password."""
    memory = 128 * r * (n + p + 2) + _BESIDES
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=memory, dklen=length)


def encoded(n: int, r: int, p: int, salt: bytes, hashed: bytes) -> str:
    """Return a hash as it is stored."""
    costs = (str(n), str(r), str(p))
    return "$".join((Scrypt.algorithm, *costs, to_base64(salt), to_base64(hashed)))


def encoded_firebase(
    rounds: int, memory: int, salt: bytes, separator: bytes, signer_key: bytes, hashed: bytes
) -> str:
    """Return a hash of Firebase's as it is stored."""
    texts = map(to_base64, (salt, separator, signer_key, hashed))
    return "$".join((FirebaseScrypt.algorithm, str(rounds), str(memory), *texts))
