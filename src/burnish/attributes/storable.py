"""What comes from outside, as PostgreSQL and every reader of JSON can keep it.

Python reads JSON that neither can: a NUL character, half of a surrogate pair (`\\ud83d` alone), a
number beyond 64 bits of floating point (`1e999`, `NaN`). PostgreSQL refuses the first in any text
(`text` and `jsonb`), the second is no UTF-8 (RFC 3629, 3), the third no JSON (RFC 8259, 6). Text
and JSON pass through here before they are stored, sent on or printed.
"""

import re
import sys
from collections.abc import Mapping
from typing import Any

from burnish.attributes import formats
from burnish.attributes.faults import Fault

REPLACEMENT = "\ufffd"
"""What stands for a character that cannot be kept (Unicode's REPLACEMENT CHARACTER)."""

DEEPEST = 50
"""Levels JSON may be nested."""

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Return a text that can be kept: U+FFFD stands for NUL and for half a surrogate pair."""
    return text if text.isascii() and "\0" not in text else _UNSTORABLE.sub(REPLACEMENT, text)


def fault(value: Any, path: str = "") -> Fault | None:
    """Return the first thing in a JSON value that cannot be kept, names of members included.

    The fault's path is a JSON pointer (RFC 6901) below `path`. None: all of it can be kept.
    """
    if not isinstance(value, Mapping | list) or path.count("/") > DEEPEST:
        refusal = formats.storable(value, path.count("/"))
        return Fault(path or "/", refusal) if refusal else None
    items = value.items() if isinstance(value, Mapping) else enumerate(value)
    for name, inner in items:
        place = f"{path}/{_escaped(str(name))}"
        if isinstance(value, Mapping) and (refusal := formats.storable(name)):
            return Fault(place, f"its name {refusal}")
        if found := fault(inner, place):
            return found
    return None


def pruned(value: Any, depth: int = 0) -> Any:
    """Return a JSON value without the members and items, at any depth, that cannot be kept."""
    if isinstance(value, Mapping):
        return {
            name: pruned(member, depth + 1)
            for name, member in value.items()
            if formats.storable(name) is None and _is_kept(member, depth + 1)
        }
    if isinstance(value, list):
        return [pruned(item, depth + 1) for item in value if _is_kept(item, depth + 1)]
    return value


def _is_kept(value: Any, depth: int) -> bool:
    if depth > DEEPEST:
        return False
    return isinstance(value, Mapping | list) or formats.storable(value) is None


def cleaned(value: Any, depth: int = 0) -> Any:
    """Return a JSON value that can be kept and shown in place of this one.

    Texts and names of members are as `clean_text` has them, numbers that JSON does not have are
    null, and so is what is nested too deeply. What is no JSON becomes its text.
    """
    if depth > DEEPEST:
        return None
    match value:
        case None | bool():
            return value
        case int() | float():
            return value if abs(value) <= sys.float_info.max else None
        case str():
            return clean_text(value)
        case Mapping():
            return {clean_text(str(k)): cleaned(v, depth + 1) for k, v in value.items()}
        case list() | tuple():
            return [cleaned(item, depth + 1) for item in value]
        case _:
            return clean_text(str(value))


def _escaped(name: str) -> str:
    return clean_text(name.replace("~", "~0").replace("/", "~1"))[:100]
