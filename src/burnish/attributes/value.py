"""Values, compared as JSON compares them."""

from typing import Any


def same(one: Any, other: Any) -> bool:
    """Return whether two values are the same JSON: `1` is `1.0`, but unlike in Python not `true`.

    Only the outermost value is told apart from a truth value.
    """
    return bool(isinstance(one, bool) == isinstance(other, bool) and one == other)
