"""The `user_profile` fragment of a configuration file."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from burnish.attributes.custom import CustomAttribute
from burnish.attributes.faults import Fault, faults_of


class CustomAttributes(BaseModel):
    """`user_profile.custom_attributes`: ids and pointers each stand once."""

    model_config = ConfigDict(extra="forbid")

    attributes: list[CustomAttribute] = Field(default_factory=list)

    @field_validator("attributes")
    @classmethod
    def _stand_once(cls, attributes: list[CustomAttribute]) -> list[CustomAttribute]:
        keys: tuple[tuple[str, Callable[[CustomAttribute], str]], ...] = (
            ("id", lambda attribute: attribute.id),
            ("pointer", lambda attribute: attribute.pointer),
        )
        for noun, key in keys:
            seen: set[str] = set()
            for attribute in attributes:
                if key(attribute) in seen:
                    raise ValueError(f"the {noun} {key(attribute)} stands more than once")
                seen.add(key(attribute))
        return attributes


class UserProfile(BaseModel):
    """`user_profile`. `standard_attributes` is accepted; its defaults are in force."""

    model_config = ConfigDict(extra="forbid")

    standard_attributes: dict[str, Any] = Field(default_factory=dict)
    custom_attributes: CustomAttributes = Field(default_factory=CustomAttributes)


def parse(fragment: Any) -> UserProfile | list[Fault]:
    """Return the fragment, or what is wrong with it."""
    try:
        return UserProfile.model_validate(fragment)
    except ValidationError as error:
        return faults_of(error, "user_profile")
