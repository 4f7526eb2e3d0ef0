"""What values an attribute has, so that its column gets a type."""

import json
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from burnish.attributes.custom import Type
from burnish.enrichment.setup import Setup

Kind: TypeAlias = Literal["text", "number", "integer", "flag", "texts"]

_OUTPUTS: Mapping[str, Kind] = {
    **dict.fromkeys(("latitude", "longitude", "email_score"), "number"),
    **dict.fromkeys(("birth_year", "company_employees", "company_founded"), "integer"),
    **dict.fromkeys(("interests", "skills", "company_tags", "company_technologies"), "texts"),
    **dict.fromkeys(("languages", "phone_timezones"), "texts"),
    **dict.fromkeys(("is_anonymous", "is_proxy", "is_vpn", "is_tor", "is_hosting"), "flag"),
    **dict.fromkeys(("is_mobile", "is_bot", "phone_is_valid", "email_is_free"), "flag"),
    **dict.fromkeys(("email_is_disposable", "email_is_role"), "flag"),
}
"""Outputs that are no text."""

_TYPES: Mapping[Type, Kind] = {
    "number": "number",
    "integer": "integer",
    "boolean": "flag",
    "string_list": "texts",
}


def kind_of(setup: Setup, attribute: str) -> Kind:
    """Return the kind of an attribute: the schema's, else that of the outputs that fill it."""
    if setup.schema and (defined := setup.schema.by_name.get(attribute)):
        return _TYPES.get(defined.type, "text")
    kinds = {_OUTPUTS.get(choice.output, "text") for choice in setup.waterfall(attribute)}
    return kinds.pop() if len(kinds) == 1 else "text"


def fitted(kind: Kind, value: Any) -> Any:
    """Return a value as its column can hold it; None where it cannot."""
    match kind, value:
        case "text", str():
            return value
        case "text", _:
            return json.dumps(value, ensure_ascii=False)
        case "flag", bool():
            return value
        case "integer", int() if not isinstance(value, bool) and -(2**63) <= value < 2**63:
            return value
        case "number", int() | float() if not isinstance(value, bool):
            return float(value)
        case "texts", list() | tuple() if all(isinstance(one, str) for one in value):
            return list(value)
    return None


def kind_of_value(value: Any) -> Kind | None:
    """Return the kind a value has; None where there is none."""
    match value:
        case None:
            return None
        case bool():
            return "flag"
        case int() if -(2**63) <= value < 2**63:
            return "integer"
        case int() | float():
            return "number"
        case list() if all(isinstance(one, str) for one in value):
            return "texts"
    return "text"


def common(one: Kind | None, other: Kind | None) -> Kind | None:
    """Return a kind that holds both: of what is unlike, text."""
    if one is None or other is None or one == other:
        return one or other
    return "number" if {one, other} == {"integer", "number"} else "text"
