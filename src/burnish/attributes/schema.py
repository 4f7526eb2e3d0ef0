"""The schema of a project's profiles: the standard attributes and its own custom ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from burnish.attributes import standard
from burnish.attributes.access import AccessControlViolated, Level, Party, Verb
from burnish.attributes.custom import CustomAttribute
from burnish.attributes.faults import Fault
from burnish.attributes.standard import StandardAttribute

Group = Literal["standard", "custom"]


@dataclass(frozen=True)
class Schema:
    """What a profile may hold. Values go in and out by attribute name, without the slash.

    Retired attributes are not part of it.
    """

    custom: tuple[CustomAttribute, ...] = ()
    standard: Mapping[str, StandardAttribute] = field(default_factory=lambda: standard.DEFAULTS)

    @cached_property
    def by_name(self) -> dict[str, CustomAttribute]:
        """The custom attributes, by name."""
        return {attribute.name: attribute for attribute in self.custom}

    @cached_property
    def by_id(self) -> dict[str, CustomAttribute]:
        """The custom attributes, by id."""
        return {attribute.id: attribute for attribute in self.custom}

    def find(self, name: str) -> tuple[Group, str] | None:
        """Return where an attribute's values are stored: its group, and the key in it."""
        if name in self.standard:
            return "standard", name
        attribute = self.by_name.get(name)
        return ("custom", attribute.id) if attribute else None

    def unknown(self, names: Iterable[str]) -> list[str]:
        """Return those names that no custom attribute has."""
        return [name for name in names if name not in self.by_name]

    def level(self, party: Party, name: str) -> Level:
        """Return what a party may do with an attribute; what nobody defined is hidden.

        Derived attributes are as readable as what they belong to, and never written.
        """
        if name in standard.DERIVED:
            base = standard.DERIVED[name]
            return "hidden" if base and self.level(party, base) == "hidden" else "readonly"
        attribute = self.standard.get(name) or self.by_name.get(name)
        return attribute.access_control.level(party) if attribute else "hidden"

    def may(self, party: Party, verb: Verb, name: str) -> bool:
        """Return whether a party may read or write an attribute: every door asks here."""
        level = self.level(party, name)
        return level == "readwrite" if verb == "write" else level != "hidden"

    def require_write(self, party: Party, names: Iterable[str]) -> None:
        """Raise `AccessControlViolated` for the first attribute this party may not write."""
        for name in names:
            if not self.may(party, "write", name):
                raise AccessControlViolated(f"/{name}", party, self.level(party, name))

    def refuse(self, group: Group, key: str, value: Any) -> str | None:
        """Return why a value may not be stored under this group and key, or None."""
        if group == "standard":
            rule = standard.RULES.get(key)
            return rule(value) if rule else "is not a standard attribute"
        attribute = self.by_id.get(key)
        return attribute.refuse(value) if attribute else "nobody defined this attribute"

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
