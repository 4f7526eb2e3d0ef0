"""A test of one attribute's value, as conditions and segments are made of."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from burnish.attributes.schema import Schema
from burnish.attributes.value import same


class Predicate(BaseModel):
    """What an attribute must be: `known` or not, `is` one value, or `one_of` several.

    A list holds where one of its items does.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    attribute: str = Field(min_length=1, max_length=80)
    known: bool | None = None
    is_: Any = Field(default=None, alias="is")
    one_of: tuple[Any, ...] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        said = [self.known is not None, self.is_ is not None, self.one_of is not None]
        if sum(said) != 1:
            raise ValueError("say one of `known`, `is` and `one_of`")
        return self

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Return whether it holds for effective values by attribute name."""
        value = values.get(self.attribute)
        if self.known is not None:
            return (value is not None) == self.known
        found = value if isinstance(value, list) else [value]
        return value is not None and any(same(one, other) for one in found for other in self.wanted)

    def refuse(self, schema: Schema) -> str | None:
        """Return why it could never hold under a schema: no such attribute, or no such value."""
        place = schema.find(self.attribute)
        if place is None:
            return f"nobody defined the attribute {self.attribute}"
        group, key = place
        custom = schema.by_id.get(key) if group == "custom" else None
        if self.attribute == "address" and self.known is None:
            return "address has parts, and can only be known or not"
        for value in self.wanted:
            item = [value] if custom and custom.type == "string_list" else value
            if refusal := schema.refuse(group, key, item):
                return f"{self.attribute} {refusal}"
        return None

    @property
    def wanted(self) -> tuple[Any, ...]:
        """The values it holds for; none where it only asks whether there is one."""
        if self.known is not None:
            return ()
        return (self.is_,) if self.one_of is None else self.one_of

    def as_entry(self) -> dict[str, Any]:
        """Return the entry that says the same."""
        return self.model_dump(by_alias=True, exclude_none=True, mode="json")
