"""Answers read into what they are."""

from collections.abc import Iterator
from typing import TypeVar

import httpx
from pydantic import ValidationError

from burnish.client.answers.answer import Answer
from burnish.client.errors import UnreadableAnswer

A = TypeVar("A", bound=Answer)


def read(kind: type[A], response: httpx.Response) -> A:
    """Return what an answer holds; its ETag comes along where the kind has a place for it.

    Raises UnreadableAnswer where it holds something else.
    """
    try:
        found = kind.model_validate_json(response.content)
    except ValidationError as error:
        raise UnreadableAnswer(_sentence(response, error)) from None
    if "etag" in kind.model_fields:
        return found.model_copy(update={"etag": response.headers.get("ETag", "")})
    return found


def lines(kind: type[A], response: httpx.Response) -> Iterator[A]:
    """Yield what each line of NDJSON holds."""
    for line in response.content.splitlines():
        try:
            yield kind.model_validate_json(line)
        except ValidationError as error:
            raise UnreadableAnswer(_sentence(response, error)) from None


def onward(response: httpx.Response) -> str | None:
    """Return the address of the next page that `Link` leads to (RFC 8288)."""
    return response.links.get("next", {}).get("url")


def _sentence(response: httpx.Response, error: ValidationError) -> str:
    # What was answered is not repeated: it may hold values of attributes.
    where = ", ".join(".".join(map(str, one["loc"])) or "the body" for one in error.errors()[:3])
    path = response.request.url.path
    return f"The answer of {path} cannot be read at {where}; is this the address of Burnish?"
