"""Secrets at rest: sealed with a key from the settings, which can be rotated."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from burnish.errors import InvalidSettings

_MARK = "gAAAAA"
"""How every sealed text begins: Fernet's version, and the high bytes of its time until 2242."""


def seal(text: str) -> str:
    """Return a text so that only who has the key can read it."""
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the text. Raises `InvalidSettings` where the key it was sealed with is gone."""
    return unseal_bytes(sealed.encode()).decode()


def seal_bytes(content: bytes) -> bytes:
    """Return bytes so that only who has the key can read them."""
    return _keys().encrypt(content)


def unseal_if_sealed(text: str) -> str:
    """Return the text of a sealed value, and a value stored before it was sealed as it is.

    Raises `InvalidSettings` where the key it was sealed with is gone.
    """
    return unseal(text) if text.startswith(_MARK) else text


def unseal_bytes(sealed: bytes) -> bytes:
    """Return the bytes. Raises `InvalidSettings` where the key they were sealed with is gone."""
    try:
        return _keys().decrypt(sealed)
    except InvalidToken:
        raise InvalidSettings(
            "A secret cannot be read with the keys there are: put the key it was sealed with back "
            "into BURNISH_HOOKS_SECRET_KEYS, or set the secret anew."
        ) from None


def reseal(sealed: str) -> str:
    """Return the same text sealed with the first of the keys."""
    return seal(unseal(sealed))


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_key(text)) for text in settings.SECRET_KEYS])


def _key(text: str) -> bytes:
    # Administrators write any text; Fernet wants 32 bytes.
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
