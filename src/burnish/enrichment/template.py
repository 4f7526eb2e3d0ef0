"""Texts with places for inputs: `/people?email={email}`, `{email|sha256}`, `{{` for a brace."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from burnish.enrichment.inputs import Known

HASHES = ("md5", "sha1", "sha256")

# A reference to a secret, `${NAME}`, is still there when a file is checked without its secrets.
_TOKEN = re.compile(r"\$\{[A-Z][A-Z0-9_]{0,59}\}|\{\{|\}\}|\{([^{}]*)\}|[{}]")
_PLACE = re.compile(rf"([a-z][a-z0-9_]{{0,39}})(?:\|({'|'.join(HASHES)}))?")


def plain(value: str) -> str:
    """Leave a value as it is."""
    return value


@dataclass(frozen=True, slots=True)
class Place:
    """Where an input stands, and by which hash it is replaced, if any."""

    name: str
    hash: str = ""

    def text(self, known: Known) -> str:
        """Return what stands there."""
        value = known[self.name]
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if not self.hash:
            return text
        return hashlib.new(self.hash, text.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Template:
    """A text in parts: words and places."""

    parts: tuple[str | Place, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a text. Raises ValueError with what is wrong, without the text itself."""
        parts: list[str | Place] = []
        end = 0
        for token in _TOKEN.finditer(text):
            parts.append(text[end : token.start()])
            end = token.end()
            if token[1] is not None:
                parts.append(_place(token[1]))
            elif token[0] in ("{", "}"):
                raise ValueError("has a brace without its other half; write {{ or }} for a brace")
            else:
                parts.append(token[0][0] if token[0] in ("{{", "}}") else token[0])
        parts.append(text[end:])
        return cls(tuple(part for part in parts if part))

    @property
    def places(self) -> frozenset[Place]:
        """The places in it."""
        return frozenset(part for part in self.parts if isinstance(part, Place))

    def fill(self, known: Known, escape: Callable[[str], str] = plain) -> str:
        """Return the text with its inputs, each escaped."""
        return "".join(
            part if isinstance(part, str) else escape(part.text(known)) for part in self.parts
        )


def _place(text: str) -> Place:
    match = _PLACE.fullmatch(text.strip())
    if match is None:
        raise ValueError(
            "has braces that hold no input; write {email}, or {email|sha256} for its hash "
            f"({', '.join(HASHES)}), or {{{{ for a brace"
        )
    return Place(match[1], match[2] or "")


def places_in(value: Any) -> frozenset[Place]:
    """Return the places in all texts of a JSON value. Raises ValueError."""
    match value:
        case str():
            return Template.parse(value).places
        case Mapping():
            return frozenset[Place]().union(*map(places_in, value.values()))
        case list():
            return frozenset[Place]().union(*map(places_in, value))
    return frozenset()


def filled(value: Any, known: Known) -> Any:
    """Return a JSON value with its inputs; a text that is one place only becomes what is there."""
    match value:
        case str():
            template = Template.parse(value)
            match template.parts:
                case (Place(name=name, hash=""),):
                    return known[name]
            return template.fill(known)
        case Mapping():
            return {name: filled(inner, known) for name, inner in value.items()}
        case list():
            return [filled(inner, known) for inner in value]
    return value
