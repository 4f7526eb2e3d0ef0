"""Taking and leaving parts of an answer by dot path, as `fields` parameters of vendors do."""

from collections.abc import Iterable
from typing import Any


def keep(whole: dict[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """Return only the parts of `whole` at `paths` (`location.city`); unknown ones are ignored."""
    kept: dict[str, Any] = {}
    for path in paths:
        _copy(whole, kept, path.split("."))
    return kept


def drop(whole: dict[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """Return `whole` without the parts at `paths`; unknown ones are ignored."""
    for path in paths:
        name, _, rest = path.partition(".")
        if not rest:
            whole = {key: value for key, value in whole.items() if key != name}
        elif isinstance(whole.get(name), dict):
            whole = {**whole, name: drop(whole[name], [rest])}
    return whole


def _copy(source: dict[str, Any], target: dict[str, Any], path: list[str]) -> None:
    name, *rest = path
    if name not in source:
        return
    if not rest:
        target[name] = source[name]
    elif isinstance(source[name], dict):
        _copy(source[name], target.setdefault(name, {}), rest)
