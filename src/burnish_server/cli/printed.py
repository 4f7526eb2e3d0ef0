"""What commands print: values and texts from people, and that something takes its time."""

import json
from typing import Any

from rich.console import Console
from rich.status import Status


def plain(value: Any) -> str:
    """Return a value as one line that cannot steer the terminal."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def waiting(words: str) -> Status:
    """Return a context in which a terminal shows that something is being done."""
    return Console(stderr=True).status(words)
