"""The standard attributes: the claims of OpenID Connect Core 5.1, with their exact rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from burnish.attributes import formats
from burnish.attributes.access import CLOSED, OPEN, Access
from burnish.attributes.faults import Fault
from burnish.attributes.merge import BY_STANDING, Merge

IDENTITY_COUPLED = ("email", "phone_number", "preferred_username")
"""Attributes whose value must belong to one of the user's identities."""

DERIVED = {"email_verified": "email", "phone_number_verified": "phone_number", "updated_at": ""}
"""Attributes that are worked out and never stored, each with the one it belongs to, if any."""

ADDRESS_PARTS = (
    "formatted",
    "street_address",
    "locality",
    "region",
    "postal_code",
    "country",
)


def _address(value: Any) -> str | None:
    if not isinstance(value, Mapping):
        return "must be an object with formatted, street_address, locality and so on"
    for part in ADDRESS_PARTS:
        if part in value and (refusal := formats.text(value[part])):
            return f"{part} {refusal}"
    return formats.storable(value)


RULES: dict[str, Callable[[Any], str | None]] = {
    "email": formats.email,
    "phone_number": formats.phone_number,
    "preferred_username": formats.text,
    "family_name": formats.text,
    "given_name": formats.text,
    "middle_name": formats.text,
    "name": formats.text,
    "nickname": formats.text,
    "picture": formats.picture,
    "profile": formats.url,
    "website": formats.url,
    "gender": formats.text,
    "birthdate": formats.birthdate,
    "zoneinfo": formats.time_zone,
    "locale": formats.locale,
    "address": _address,
}


@dataclass(frozen=True, slots=True)
class StandardAttribute:
    """What a project may settle about a standard attribute; its rule is not among it."""

    name: str
    access_control: Access
    merge: Merge = BY_STANDING

    def as_entry(self) -> dict[str, Any]:
        """Return the entry that settles all of it."""
        return {
            "pointer": f"/{self.name}",
            "access_control": self.access_control.model_dump(),
            "merge": self.merge.as_entry(),
        }


DEFAULTS: dict[str, StandardAttribute] = {
    name: StandardAttribute(
        name,
        CLOSED
        if name in ("name", "nickname", "middle_name", "profile", "website", "address")
        else OPEN,
    )
    for name in RULES
}


def validate(values: Mapping[str, Any]) -> list[Fault]:
    """Return what is wrong with a whole set of standard attributes; derived ones are refused."""
    faults = []
    for name, value in values.items():
        rule = RULES.get(name)
        refusal = rule(value) if rule else "is not a standard attribute"
        if refusal:
            faults.append(Fault(f"/{name}", refusal))
    return faults
