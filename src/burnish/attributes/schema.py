"""The schema of a project's profiles: the standard attributes and its own custom ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from burnish.attributes import standard
from burnish.attributes.custom import CustomAttribute
from burnish.attributes.faults import Fault


@dataclass(frozen=True)
class Schema:
    """What a profile may hold. Values go in and out by attribute name, without the slash."""

    custom: tuple[CustomAttribute, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, CustomAttribute]:
        """The custom attributes, by name."""
        return {attribute.name: attribute for attribute in self.custom}

    def unknown(self, names: Iterable[str]) -> list[str]:
        """Return those names that no custom attribute has."""
        return [name for name in names if name not in self.by_name]

    def validate(
        self, standard_values: Mapping[str, Any], custom_values: Mapping[str, Any]
    ) -> list[Fault]:
        """Return what is wrong with a whole profile; unknown custom names are faults too."""
        faults = standard.validate(standard_values)
        for name, value in custom_values.items():
            attribute = self.by_name.get(name)
            refusal = attribute.refuse(value) if attribute else "nobody defined this attribute"
            if refusal:
                faults.append(Fault(f"/{name}", refusal))
        return faults
