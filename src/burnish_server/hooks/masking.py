"""Values that stay out of every log: of attributes marked sensitive, and of secrets."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from burnish.hooks.redaction import MASK, redacted, redacted_json

__all__ = ["MASK", "ask_of", "masked", "names", "redacted", "redacted_json", "values_of"]

Names = Collection[str]

_ask: Callable[[], Names] = frozenset


def ask_of(names: Callable[[], Names]) -> None:
    """Say who knows the names of the sensitive attributes; the room of profiles does."""
    global _ask
    _ask = names


def names() -> Names:
    """Return the names of the attributes marked sensitive."""
    return _ask()


def masked(value: Any, names: Names) -> Any:
    """Return JSON with the values of these attributes masked, wherever they stand in it."""
    if not names:
        return value
    if isinstance(value, Mapping):
        if value.get("attribute") in names:
            return {k: v if k == "attribute" else MASK for k, v in value.items()}
        return {k: MASK if k in names else masked(v, names) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [masked(item, names) for item in value]
    return value


def values_of(value: Any, names: Names) -> set[str]:
    """Return the texts and numbers these attributes have, wherever they stand in JSON."""
    return set(_values(value, names)) if names else set()


def _values(value: Any, names: Names) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in names:
                yield from _leaves(inner)
            else:
                yield from _values(inner, names)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _values(item, names)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
