"""Taking values nobody is to read out of texts and JSON, also as they are written in other ways."""

import base64
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "•••"

SHORTEST = 4
"""Characters a value needs to be looked for; shorter ones stand in a text by chance."""

_SHORTEST_BASE64 = 8


def redacted(text: str, values: Collection[str]) -> str:
    """Return a text with these values masked.

    So are they in letters of another case, percent-encoded (RFC 3986), escaped as in JSON, in
    hexadecimal and in base64 (RFC 4648), alone or as a part of what was encoded.
    """
    found = _pattern(frozenset(values)) if text and values else None
    return found.sub(MASK, text) if found else text


def redacted_json(value: Any, values: Collection[str]) -> Any:
    """Return JSON with these values masked in its texts, names and numbers."""
    if not values:
        return value
    match value:
        case str():
            return redacted(value, values)
        case Mapping():
            return {redacted(k, values): redacted_json(v, values) for k, v in value.items()}
        case list() | tuple():
            return [redacted_json(one, values) for one in value]
        case int() | float() if not isinstance(value, bool):
            return MASK if len(str(value)) >= SHORTEST and str(value) in values else value
    return value


@lru_cache(maxsize=256)
def _pattern(values: frozenset[str]) -> re.Pattern[str] | None:
    forms = {form for value in values if len(value) >= SHORTEST for form in _forms(value)}
    if not forms:
        return None
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)


def _forms(value: str) -> Iterator[str]:
    raw = value.encode("utf-8", "replace")
    yield value
    yield from (quote(value, safe="", errors="replace"), quote_plus(value, errors="replace"))
    yield from (quote(value, errors="replace"), "".join(f"%{byte:02X}" for byte in raw))
    yield value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    yield raw.hex()
    for offset in range(3):
        # Where it stands in what was encoded decides which letters are its own.
        encoded = base64.b64encode(b"\0" * offset + raw).decode()
        own = encoded[-(-offset * 8 // 6) : (offset + len(raw)) * 8 // 6]
        if len(own) >= _SHORTEST_BASE64:
            yield own
            yield own.replace("+", "-").replace("/", "_")
