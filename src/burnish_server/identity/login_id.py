"""What somebody types to say who they are: an e-mail address, a phone number or a username."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Key = Literal["email", "phone", "username"]

FIELDS: Mapping[Key, str] = {"email": "email", "phone": "phone_number", "username": "username"}
"""Where an account has each."""

_BETWEEN = str.maketrans("", "", " -()./\N{NO-BREAK SPACE}")


@dataclass(frozen=True, slots=True)
class LoginId:
    """One of them, as it is kept and as it was typed."""

    key: Key
    value: str
    typed: str


def others(phone_number: str, username: str) -> tuple[LoginId, ...]:
    """Return what is given of a phone number and a username."""
    given = (
        LoginId("phone", number(phone_number), phone_number.strip()),
        LoginId("username", name(username), username.strip()),
    )
    return tuple(one for one in given if one.value)


def number(text: str) -> str:
    """Return a phone number without what people write between its digits."""
    return text.strip().translate(_BETWEEN)


def name(text: str) -> str:
    """Return a username as it is kept: names that read alike are one (Unicode's NFKC)."""
    return unicodedata.normalize("NFKC", text).strip().lower()
