"""Where values stand in an answer, as configuration writes it: JSONPath (RFC 9535)."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated, Any

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError
from pydantic import AfterValidator

from burnish.enrichment import reading
from burnish.enrichment.reading import BadAnswer

_ENVIRONMENT = JSONPathEnvironment(strict=True)


@lru_cache(1000)
def _compiled(path: str) -> JSONPath:
    try:
        compiled = _ENVIRONMENT.compile(path)
    except (JSONPathError, ValueError, RecursionError):
        compiled = None
    if not isinstance(compiled, JSONPath):
        raise ValueError("must be a JSONPath (RFC 9535) such as $.person.name")
    return compiled


def _checked(path: str) -> str:
    _compiled(path)
    return path


JsonPath = Annotated[str, AfterValidator(_checked)]


def all_at(body: Any, path: str) -> list[Any]:
    """Return what stands at a path, without what is null or empty. Raises `BadAnswer`."""
    try:
        found = _compiled(path).findall(body)
    except (JSONPathError, RecursionError):
        raise BadAnswer(f"{path} cannot be followed") from None
    return [value for value in found if value not in (None, "", [], {})]


def at(body: Any, path: str) -> Any:
    """Return the first that stands at a path, or None. Raises `BadAnswer`."""
    return next(iter(all_at(body, path)), None)


def read(body: Any, path: str, kind: str) -> Any:
    """Return the value at a path as one of `KINDS`, or None. Raises `BadAnswer`."""
    found = all_at(body, path)
    if not found:
        return None
    try:
        one = found if kind == "texts" and not isinstance(found[0], list) else found[0]
        return KINDS[kind](one)
    except ValueError as error:
        raise BadAnswer(f"{path} {error}") from None


def as_it_stands(value: Any) -> Any:
    """Take a text, a number, true or false, or a list of texts."""
    match value:
        case bool():
            return value
        case int() | float():
            return KINDS["number"](value)
        case list():
            return KINDS["texts"](value)
        case str():
            return KINDS["text"](value)
    raise ValueError("is neither a text nor a number, true or false, nor a list of texts")


KINDS: Mapping[str, Callable[[Any], Any]] = {
    "any": as_it_stands,
    "text": reading.text().kind,
    "number": reading.number().kind,
    "integer": reading.integer().kind,
    "boolean": reading.boolean().kind,
    "texts": reading.texts().kind,
    "url": reading.url().kind,
    "country_code": reading.country_code().kind,
}
