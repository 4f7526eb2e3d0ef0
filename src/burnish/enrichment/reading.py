"""Reading vendors' answers: each output says where its value stands and what it must be.

A value that is absent, null or empty is no value. One of another type than the contract says makes
the whole answer a bad one: whoever reads on guesses.
"""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from burnish.attributes import formats
from burnish.enrichment.outcome import Found, Miss
from burnish.errors import BurnishError

LONGEST_TEXT = 2000
MOST_TEXTS = 100


class BadAnswer(BurnishError):
    """The vendor's answer is not what its contract says."""

    code = "bad_answer"


@dataclass(frozen=True, slots=True)
class Field:
    """Where a value stands in an answer (`geo.city`, `subdivisions.0.names.en`), and its kind.

    Where there is nothing at the first path, the next is tried.
    """

    paths: tuple[str, ...]
    kind: Callable[[Any], Any]

    def read(self, body: Any) -> Any:
        """Return the value, or None where there is none. Raises `BadAnswer`."""
        for path in self.paths:
            if (value := at(body, path)) not in (None, "", []):
                try:
                    return self.kind(value)
                except ValueError as error:
                    raise BadAnswer(f"{path} {error}") from None
        return None


def text(*paths: str) -> Field:
    """A text of at most 2,000 characters; one of blanks only is no value."""
    return Field(paths, _text)


def number(*paths: str) -> Field:
    """A finite number; some vendors write theirs as text."""
    return Field(paths, _number)


def integer(*paths: str) -> Field:
    """A whole number; some vendors write theirs as text."""
    return Field(paths, _integer)


def boolean(*paths: str) -> Field:
    """True or false."""
    return Field(paths, _boolean)


def texts(*paths: str) -> Field:
    """A list of texts, each once, 100 at most."""
    return Field(paths, _texts)


def country_code(*paths: str) -> Field:
    """An ISO 3166-1 alpha-2 code, in whichever case."""
    return Field(paths, _country_code)


def url(*paths: str) -> Field:
    """A web address; one without a scheme is taken to be https."""
    return Field(paths, _url)


def link(prefix: str, *paths: str) -> Field:
    """A handle that a vendor gives in place of an address: `prefix` makes it one."""
    return Field(paths, lambda value: (handle := _text(value)) and prefix + handle.lstrip("/"))


def kinded(kind: Callable[[str], Any], *paths: str) -> Field:
    """A text that `kind` turns into a value; it may raise ValueError with what is wrong."""
    return Field(paths, lambda value: (words := _text(value)) and kind(words))


def body(content: bytes) -> Any:
    """Return an answer's JSON. Raises `BadAnswer`."""
    try:
        return json.loads(content, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadAnswer("the answer is not JSON") from None


def outputs(fields: Mapping[str, Field], body: Any) -> dict[str, Any]:
    """Return what an answer holds, by output name. Raises `BadAnswer`."""
    if not isinstance(body, Mapping):
        raise BadAnswer("the answer is not a JSON object")
    found = {name: field.read(body) for name, field in fields.items()}
    return {name: value for name, value in found.items() if value is not None}


def found(
    fields: Mapping[str, Field],
    body: Any,
    confidence: float = 1.0,
    record: str | None = None,
) -> Found | Miss:
    """Return what an answer holds, or a miss where that is nothing. Raises `BadAnswer`."""
    values = outputs(fields, body)
    return Found(values, confidence, record=record) if values else Miss()


def at(body: Any, path: str) -> Any:
    """Return what stands at a dot path, or None where a part of it is absent or null.

    Raises `BadAnswer` where something else than an object or a list is in the way.
    """
    place = body
    for step in path.split("."):
        match place:
            case Mapping():
                place = place.get(step)
            case None:
                return None
            case str() | bytes():
                raise BadAnswer(f"{path} leads through a text")
            case Sequence() if step.isdigit():
                place = place[int(step)] if int(step) < len(place) else None
            case _:
                raise BadAnswer(f"{path} leads through what is no object")
    return place


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("is not a text")
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"is longer than {LONGEST_TEXT:,} characters")
    stripped = value.strip()
    if stripped and (refusal := formats.text(stripped)):
        raise ValueError(refusal)
    return stripped or None


def _number(value: Any) -> float:
    if isinstance(value, str):
        if not re.fullmatch(r"\s*-?[0-9]{1,20}(\.[0-9]{1,20})?\s*", value):
            raise ValueError("is not a number")
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("is not a number")
    if abs(value) > 1e300 or not math.isfinite(value):
        raise ValueError("is not a number one can reckon with")
    return value


def _integer(value: Any) -> int:
    number = _number(value)
    if not float(number).is_integer():
        raise ValueError("is not a whole number")
    return int(number)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is neither true nor false")
    return value


def _texts(value: Any) -> list[str] | None:
    if not isinstance(value, list) or len(value) > MOST_TEXTS:
        raise ValueError(f"is not a list of at most {MOST_TEXTS} texts")
    return list(dict.fromkeys(text for item in value if (text := _text(item)))) or None


def _country_code(value: Any) -> Any:
    code = _text(value)
    if code is not None and formats.country_code(code := code.upper()):
        raise ValueError("is not a country code")
    return code


def _url(value: Any) -> Any:
    address = _text(value)
    if address and "://" not in address:
        address = f"https://{address}"
    if address and formats.url(address):
        raise ValueError("is not a web address")
    return address
