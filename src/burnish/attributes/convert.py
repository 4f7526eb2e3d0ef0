"""A value of one type as a value of another, where that loses nothing."""

from typing import Any

from burnish.attributes.custom import CustomAttribute

_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def convert(value: Any, after: CustomAttribute) -> tuple[Any, str | None]:
    """Return the value as this definition has it, and why it does not fit, or None if it does.

    Texts are trimmed, numbers are read from texts and written as texts, a moment becomes its date,
    a single value a list of one. A value that fits already is returned as it is.
    """
    if after.refuse(value) is None:
        return value, None
    made = _converted(value, after)
    refusal = after.refuse(made)
    return (value, refusal) if refusal else (made, None)


def _converted(value: Any, after: CustomAttribute) -> Any:
    match after.type:
        case "string_list":
            return [_text(value)]
        case "number" | "integer":
            return _number(_text(value))
        case "boolean":
            return _TRUTH.get(_text(value).lower(), value)
        case "date":
            return _text(value).partition("T")[0]
        case "country_code":
            return _text(value).upper()
        case "email":
            return _text(value).lower()
        case _:
            return _text(value) if not isinstance(value, list) or len(value) == 1 else value


def _text(value: Any) -> str:
    if isinstance(value, list) and len(value) == 1:
        return _text(value[0])
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _number(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return text
