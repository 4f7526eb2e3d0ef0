"""What a project set up: its providers, its waterfalls, and what its purposes rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from burnish.attributes.schema import Schema
from burnish.consent.purpose import DEFAULTS, Purpose
from burnish.enrichment.provider import Provider
from burnish.enrichment.vocabulary import STANDARD
from burnish.enrichment.waterfall import Choice
from burnish.profiles.fact import Attribute

BUDGET = timedelta(milliseconds=300)
"""How long a sign-up or a login waits for providers."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Providers by name (the enabled ones), and the waterfall of each attribute that has one.

    Without a schema any attribute may be wanted; its values are kept under its name, unchecked.
    """

    providers: Mapping[str, Provider] = field(default_factory=dict)
    waterfalls: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    purposes: Mapping[str, Purpose] = field(default_factory=lambda: DEFAULTS)
    schema: Schema | None = None
    sign_up: timedelta = BUDGET
    login: timedelta = BUDGET

    def waterfall(self, attribute: str) -> Sequence[Choice]:
        """Return an attribute's waterfall; where none is set, the cheapest that give it first."""
        if attribute in self.waterfalls:
            return self.waterfalls[attribute]
        output = STANDARD.get(attribute, attribute)
        able = [one for one in self.providers.values() if output in one.gives]
        able.sort(key=lambda one: (one.cost, not one.local))
        return [Choice(one.name, output) for one in able]

    def place(self, attribute: str) -> Attribute | None:
        """Return where an attribute's values are stored, or None where nobody defined it."""
        return self.schema.find(attribute) if self.schema else ("custom", attribute)

    def refuse(self, attribute: str, value: Any) -> str | None:
        """Return why a value may not be stored in an attribute, or None."""
        place = self.place(attribute)
        if place is None:
            return "nobody defined this attribute"
        return self.schema.refuse(*place, value) if self.schema else None
