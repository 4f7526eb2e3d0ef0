"""What a social identity says of its person, as standard attributes."""

from collections.abc import Mapping
from typing import Any

from burnish.attributes.standard import IDENTITY_COUPLED, RULES

_NAME_ONLY = ("apple", "wechat")


def extract(provider: str, claims: Mapping[str, Any]) -> dict[str, Any]:
    """Return the standard attributes in a social provider's claims.

    What the rules refuse is left out, and so is what must come from an identity. Apple and WeChat
    give one name, which stands for the given name too.
    """
    values = {
        name: _tidy(claims[name])
        for name in RULES
        if name in claims and name not in IDENTITY_COUPLED
    }
    if provider in _NAME_ONLY and "name" in values:
        values.setdefault("given_name", values["name"])
    return {name: value for name, value in values.items() if RULES[name](value) is None}


def _tidy(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value
