"""Attributes whose value must belong to one of the user's identities."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from burnish.attributes.standard import IDENTITY_COUPLED
from burnish.profiles.document import Document
from burnish.profiles.fact import Attribute, Fact

Owned = Mapping[str, Sequence[str]]
"""The values a user's identities give each of these attributes, the newest identity's first."""


def recouple(
    document: Document, owned: Owned, now: datetime
) -> tuple[list[Fact], list[tuple[Attribute, str]]]:
    """Return what changed identities amount to: facts to say, words to withdraw.

    A value no identity has is withdrawn, whoever said it; an attribute left empty takes the value
    of the newest identity that has one.
    """
    said: list[Fact] = []
    withdrawn: list[tuple[Attribute, str]] = []
    for name in IDENTITY_COUPLED:
        values = owned.get(name, ())
        slots = document.facts.get("standard", {}).get(name, {})
        kept = [source for source, fact in slots.items() if fact.get("value") in values]
        withdrawn += [(("standard", name), source) for source in slots if source not in kept]
        if values and not kept:
            said.append(Fact("standard", name, values[0], "user", now))
    return said, [
        place for place in withdrawn if place not in {(f.attribute, f.source) for f in said}
    ]
