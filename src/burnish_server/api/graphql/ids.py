"""Global ids: base64url, without padding, of `Type:rawid`."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple
from uuid import UUID

from burnish_server.api.graphql.errors import invalid

_ID = re.compile(r"[A-Za-z0-9_-]{1,400}")


class GlobalId(NamedTuple):
    """An id, taken apart."""

    type: str
    raw: str


def encode(type: str, raw: object) -> str:
    """Return the global id."""
    return urlsafe_b64encode(f"{type}:{raw}".encode()).decode().rstrip("=")


def decode(text: str) -> GlobalId | None:
    """Take a global id apart; None where it is none. Padding is let through."""
    bare = text.rstrip("=")
    if not _ID.fullmatch(bare):
        return None
    try:
        type, colon, raw = urlsafe_b64decode(bare + "=" * (-len(bare) % 4)).decode().partition(":")
    except (ValueError, UnicodeDecodeError):
        return None
    return GlobalId(type, raw) if colon and type else None


def uuid_of(text: str, type: str) -> UUID:
    """Return the UUID in the id of a user, a role and the like. Raises a refusal."""
    found = decode(text)
    uuid = as_uuid(found.raw) if found and found.type == type else None
    if uuid is None:
        raise invalid(f"invalid {type.lower()} ID: take the id as a query gave it")
    return uuid


def part_of(text: str, type: str) -> tuple[UUID, str]:
    """Return the user and the own id of what belongs to a user. Raises a refusal."""
    found = decode(text)
    owner, _, own = found.raw.partition("/") if found and found.type == type else ("", "", "")
    user = as_uuid(owner)
    if user is None or not own:
        raise invalid(f"invalid {type.lower()} ID: take the id as a query gave it")
    return user, own


def as_uuid(text: str) -> UUID | None:
    """Return a UUID written as usual; None where it is none."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None
