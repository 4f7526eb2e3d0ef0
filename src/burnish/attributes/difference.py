"""What is different between two definitions of an attribute, in words."""

from collections.abc import Mapping
from typing import Any

Entry = Mapping[str, Any]
"""A definition as it stands in a file; what it leaves out has its default."""

_DEFAULTS = {"merge": "standing", "indexed": False, "sensitive": False, "retired": False}

_WORDS = {"pointer": "name", "enum": "choices", "help_text": "help text", "merge": "merge policy"}

_FREE = ("label", "help_text", "purpose")


def differences(before: Entry, after: Entry) -> list[str]:
    """Return what changes from one entry to the other: `maximum 500 -> 50` and the like."""
    one, other = _flat(before), _flat(after)
    return [
        f"{_WORDS.get(name, name)} {_shown(name, old)} -> {_shown(name, new)}"
        for name in {**one, **other}
        if (old := one.get(name, _DEFAULTS.get(name)))
        != (new := other.get(name, _DEFAULTS.get(name)))
    ]


def _flat(entry: Entry) -> dict[str, Any]:
    rest = {name: value for name, value in entry.items() if name != "access_control"}
    return {**rest, **entry.get("access_control", {})}


def _shown(name: str, value: Any) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(value)
        case Mapping():
            then = f", then {value['by']}" if "by" in value else ""
            return f"prefer {', '.join(value['prefer'])}{then}"
        case _ if name in _FREE:
            return f'"{value}"'
        case _:
            return str(value).removeprefix("/")
