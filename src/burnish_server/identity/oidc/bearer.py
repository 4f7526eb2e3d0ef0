"""What the bearer of a token may see, and how it is written: worked out once for a schema."""

from collections.abc import Mapping
from dataclasses import dataclass

from burnish.attributes import standard
from burnish_server.kept import Kept
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute, StandardAttribute


@dataclass(frozen=True, slots=True)
class Bearer:
    """The standard attributes, and the custom ones' names by their ids."""

    standard: frozenset[str]
    custom: Mapping[str, str]


def _read() -> Bearer:
    schema = store.read_schema()
    names = (*schema.standard, *standard.DERIVED)
    return Bearer(
        frozenset(name for name in names if schema.may("bearer", "read", name)),
        {one.id: one.name for one in schema.custom if schema.may("bearer", "read", one.name)},
    )


bearer = Kept(_read, CustomAttribute, StandardAttribute)
"""What a bearer may see now."""
