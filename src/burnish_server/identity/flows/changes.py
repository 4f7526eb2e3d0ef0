"""Changes of a profile, as events tell them."""

from collections.abc import Sequence
from typing import Any

from burnish.attributes.schema import Schema
from burnish.events.user import AttributeChange
from burnish.profiles.document import Change
from burnish.profiles.fact import NOTHING


def changes_of(changes: Sequence[Change], schema: Schema) -> list[AttributeChange]:
    """Return changes by the attributes' names."""
    names = {("custom", one.id): one.name for one in schema.custom}
    return [
        AttributeChange(
            names.get(change.attribute, change.attribute[1]), _value(change.old), _value(change.new)
        )
        for change in changes
    ]


def _value(value: Any) -> Any:
    return None if value is NOTHING else value
