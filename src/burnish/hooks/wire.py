"""Events and answers as they travel to webhooks and back: JSON, to the byte."""

import json
from typing import Any

# Go's encoder writes these so, and receivers compare signatures over the very bytes.
_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


class NotJSON(ValueError):
    """An answer cannot be read: the sentence says why, `byte_offset` where if that is known."""

    def __init__(self, message: str, byte_offset: int | None = None) -> None:
        """Keep the sentence and the place."""
        super().__init__(message)
        self.byte_offset = byte_offset


def encode(envelope: Any) -> bytes:
    """Return an event as compact JSON in UTF-8, its members sorted by name."""
    text = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    # None of these characters means anything in JSON itself: they stand in texts only.
    return text.translate(_ESCAPES).encode("utf-8", "replace")


def decode(body: bytes) -> Any:
    """Return the value of a JSON text in UTF-8, whatever its sender declared.

    Raises `NotJSON`, also for a name that stands twice in one object and for numbers JSON does
    not have: two readers could take such an answer for different ones.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJSON("it is not text in UTF-8", error.start) from None
    try:
        return json.loads(text, object_pairs_hook=_members, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        offset = len(text[: error.pos].encode())
        raise NotJSON(f"it is not JSON: {error.msg} at byte {offset}", offset) from None
    except NotJSON:
        raise
    except ValueError:
        raise NotJSON("it has a number of too many digits") from None
    except RecursionError:
        raise NotJSON("it is nested too deeply") from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotJSON(f"the name {twice[:40]!r} stands twice in one object")
    return members


def _refuse(constant: str) -> Any:
    raise NotJSON(f"{constant} is no number of JSON")
