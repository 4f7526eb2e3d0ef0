"""How keys of roles and groups are written."""

import re

RESERVED = "authgear:"
"""Keys that begin so mean something to Authgear; nobody may give them."""

LONGEST = 40

_KEY = re.compile(r"[a-zA-Z_][a-zA-Z0-9:_]*")


def refuse(key: str) -> str | None:
    """Return why this cannot be a key, None where it can."""
    if not 1 <= len(key) <= LONGEST or not _KEY.fullmatch(key):
        return (
            f"Write the key with 1 to {LONGEST} letters, digits, colons and underscores, "
            "beginning with a letter or an underscore, such as store_manager."
        )
    if key.startswith(RESERVED):
        return f"Keys that begin with {RESERVED} are reserved; take another one."
    return None
