"""The `consent` fragment of a configuration file."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from burnish.attributes.faults import Fault, faults_of
from burnish.consent.purpose import Name, Purpose


class Consent(BaseModel):
    """`consent`: the purposes a project has, by name, and what each rests on."""

    model_config = ConfigDict(extra="forbid")

    purposes: dict[Name, Purpose] = Field(default_factory=dict)


def parse(fragment: Any) -> Consent | list[Fault]:
    """Return the fragment, or what is wrong with it."""
    try:
        return Consent.model_validate(fragment)
    except ValidationError as error:
        return faults_of(error, "consent")
