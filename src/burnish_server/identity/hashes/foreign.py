"""Hashes as other services hand them over, read into what is stored and verified here.

Each function raises `ValueError` with a sentence's end, such as `is no bcrypt hash`. A hash whose
verifying would keep the service busy is refused: whoever brings it would choose what a login costs.
"""

import re

from argon2 import extract_parameters
from argon2.exceptions import InvalidHashError

from burnish_server.identity.hashes import pbkdf2, scrypt
from burnish_server.identity.hashes.imported import from_base64

MOST_BCRYPT = 16
MOST_ITERATIONS = 5_000_000
MOST_MEMORY = 256 * 1024 * 1024
"""Bytes one verifying may take."""
MOST_LANES = 16
MOST_PASSES = 20

_BCRYPT = re.compile(r"\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}")
_PASSLIB = re.compile(
    r"\$bcrypt-sha256\$v=2,t=2b,r=(\d{1,2})\$[./A-Za-z0-9]{22}\$[./A-Za-z0-9]{31}"
)
_DJANGO_BCRYPT = re.compile(r"(bcrypt|bcrypt_sha256)\$(\$2.+)")
_PBKDF2 = re.compile(
    r"\$pbkdf2(?:-(sha1|sha256|sha512))?\$(?:i=)?(\d+)(?:,l=\d+)?\$([^$]+)\$([^$]+)"
)
_DJANGO_PBKDF2 = re.compile(r"pbkdf2_(sha1|sha256|sha512)\$(\d+)\$([^$]+)\$([^$]+)")
_SCRYPT = re.compile(r"\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([^$]*)\$([^$]+)")
_DJANGO_SCRYPT = re.compile(r"scrypt\$([^$]*)\$(\d+)\$(\d+)\$(\d+)\$([^$]+)")
_SEVEN = re.compile(
    r"\$7\$([./0-9A-Za-z])([./0-9A-Za-z]{5})([./0-9A-Za-z]{5})(.*)\$([./0-9A-Za-z]{43})"
)
_SIXTY_FOUR = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def bcrypt(text: str) -> str:
    """Read `$2b$12$...`, passlib's `$bcrypt-sha256$...` or Django's two forms."""
    django = _DJANGO_BCRYPT.fullmatch(text)
    kind, bare = django.groups() if django else ("bcrypt", text)
    if passlib := _PASSLIB.fullmatch(bare):
        kind, cost = "passlib_bcrypt_sha256", int(passlib[1])
    elif found := _BCRYPT.fullmatch(bare):
        cost = int(found[1])
    else:
        raise ValueError("is no bcrypt hash; it looks like $2b$12$ and 53 letters")
    if bare.startswith("$2x$"):
        raise ValueError("is of the kind $2x$, which forgets bits of letters with accents")
    if not 4 <= cost <= MOST_BCRYPT:
        raise ValueError(f"has the cost {cost}; from 4 to {MOST_BCRYPT} are verified here")
    return f"{kind}${bare}"


def argon2(text: str) -> str:
    """Read `$argon2id$v=19$m=...,t=...,p=...$SALT$HASH`, also of argon2i and argon2d."""
    bare = "$" + text.removeprefix("argon2$").removeprefix("$")
    try:
        found = extract_parameters(bare)
    except (InvalidHashError, ValueError, KeyError):
        raise ValueError("is no argon2 hash; it looks like $argon2id$v=19$m=...") from None
    _affordable(found.memory_cost * 1024, found.parallelism)
    if found.time_cost > MOST_PASSES:
        raise ValueError(f"takes {found.time_cost} passes; at most {MOST_PASSES} are made here")
    return f"argon2{bare}"


def pbkdf2_text(text: str) -> str:
    """Read `$pbkdf2-sha256$29000$SALT$HASH` and Django's `pbkdf2_sha256$...`."""
    if found := _PBKDF2.fullmatch(text):
        salt = from_base64(found[3])
    elif found := _DJANGO_PBKDF2.fullmatch(text):
        salt = found[3].encode()
    else:
        raise ValueError(
            "is no pbkdf2 hash; write $pbkdf2-sha256$ITERATIONS$SALT$HASH, "
            "or give salt, iterations and digest beside it"
        )
    return pbkdf2_parts(found[1] or "sha1", int(found[2]), salt, from_base64(found[4]))


def pbkdf2_parts(digest: str, iterations: int, salt: bytes, hashed: bytes) -> str:
    """Put a hash together from its parts."""
    if not 1 <= iterations <= MOST_ITERATIONS:
        raise ValueError(f"must have from 1 to {MOST_ITERATIONS} iterations")
    return pbkdf2.encoded(digest, iterations, salt, _long_enough(hashed))


def scrypt_text(text: str) -> str:
    """Read `$scrypt$ln=16,r=8,p=1$SALT$HASH`, `$7$...` and Django's `scrypt$...`."""
    if found := _SCRYPT.fullmatch(text):
        ln, r, p = (int(part) for part in found.groups()[:3])
        return scrypt_parts(ln, r, p, from_base64(found[4]), from_base64(found[5]))
    if found := _SEVEN.fullmatch(text):
        ln, r, p = (_number(part) for part in found.groups()[:3])
        return scrypt_parts(ln, r, p, found[4].encode(), _bytes(found[5]))
    if found := _DJANGO_SCRYPT.fullmatch(text):
        n, r, p = (int(found[place]) for place in (2, 3, 4))
        return scrypt_parts(_log2(n), r, p, found[1].encode(), from_base64(found[5]))
    raise ValueError(
        "is no scrypt hash; write $scrypt$ln=16,r=8,p=1$SALT$HASH, "
        "or give salt, n, r and p beside it"
    )


def scrypt_parts(ln: int, r: int, p: int, salt: bytes, hashed: bytes) -> str:
    """Put a hash together from its parts; `ln` is the binary logarithm of N."""
    _costs(ln, r, p)
    return scrypt.encoded(2**ln, r, p, salt, _long_enough(hashed))


def scrypt_numbers(n: int, r: int, p: int, salt: bytes, hashed: bytes) -> str:
    """Put a hash together from its parts."""
    return scrypt_parts(_log2(n), r, p, salt, hashed)


def firebase(
    rounds: int, memory: int, salt: bytes, separator: bytes, signer_key: bytes, hashed: bytes
) -> str:
    """Put a hash of Firebase's together from its parts."""
    _costs(memory, rounds, 1)
    if len(signer_key) != len(hashed):
        raise ValueError("and the signer key must be equally long; is the key this project's?")
    return scrypt.encoded_firebase(
        rounds, memory, salt, separator, signer_key, _long_enough(hashed)
    )


def _costs(ln: int, r: int, p: int) -> None:
    if not (1 <= ln <= 24 and 1 <= r <= 64):
        raise ValueError("has costs no scrypt hash has: N is from 2 to 2^24, r from 1 to 64")
    _affordable(128 * r * 2**ln, p)


def _affordable(memory: int, lanes: int) -> None:
    if memory > MOST_MEMORY:
        shown = memory // 1024**2
        raise ValueError(f"takes {shown} MiB to verify; at most {MOST_MEMORY // 1024**2} are spent")
    if not 1 <= lanes <= MOST_LANES:
        raise ValueError(f"takes {lanes} lanes; from 1 to {MOST_LANES} are run here")


def _long_enough(hashed: bytes) -> bytes:
    if not 16 <= len(hashed) <= 128:
        raise ValueError("must be from 16 to 128 bytes")
    return hashed


def _log2(n: int) -> int:
    if n < 2 or n & (n - 1):
        raise ValueError("has an N that is no power of two")
    return n.bit_length() - 1


def _number(text: str) -> int:
    return sum(_SIXTY_FOUR.index(letter) << 6 * place for place, letter in enumerate(text))


def _bytes(text: str) -> bytes:
    # Four letters are three bytes, the lowest bits first; the last three letters are two bytes.
    parts = [text[place : place + 4] for place in range(0, len(text), 4)]
    return b"".join(_number(part).to_bytes(3, "little")[: len(part) * 6 // 8] for part in parts)
