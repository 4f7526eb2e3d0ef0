"""Values and texts from people, as they can be printed on a terminal."""

import json
from typing import Any


def plain(value: Any) -> str:
    """Return a value as one line that cannot steer the terminal."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)
