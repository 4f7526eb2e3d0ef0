"""Writes the synchronous face from the asynchronous one: `python src/burnish/client/unsync.py`.

What is asked and how is written once; without `async` and `await` the same words are the other
face. `ruff format` has the last word about lines, so faces are compared as syntax trees.
"""

import re
from pathlib import Path

HERE = Path(__file__).parent
FROM, TO = HERE / "asynchronous", HERE / "synchronous"

_WORDS = {
    r"\basync (def|with|for)\b": r"\1",
    r"\bawait ": "",
    r"\bAsync(Iterator|Burnish|Client|BaseTransport)\b": r"\1",
    r"\basync(contextmanager)\b": r"\1",
    r"\b__a(iter|enter|exit)__\b": r"__\1__",
    r"\ba(close|read|iter_bytes|pause|pieces)\b": r"\1",
    r"\basynchronous\b": "synchronous",
    r"The synchronous face; the synchronous one is written from it by": (
        "The synchronous face, written from the asynchronous one by"
    ),
    r"`async with`": "`with`",
}


def synchronous(source: str) -> str:
    """Return a module of the asynchronous face as one of the other."""
    for word, other in _WORDS.items():
        source = re.sub(word, other, source)
    return source


def write() -> None:
    """Write every module of the synchronous face."""
    for module in FROM.glob("*.py"):
        (TO / module.name).write_text(synchronous(module.read_text()))


if __name__ == "__main__":
    write()
