"""The `user_profile` fragment of a configuration file."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from burnish.attributes import standard
from burnish.attributes.access import Access
from burnish.attributes.custom import CustomAttribute
from burnish.attributes.faults import Fault, faults_of
from burnish.attributes.merge import Merge
from burnish.attributes.standard import DEFAULTS, StandardAttribute

Strategy = Literal["on_signup", "none"]


def _standard_pointer(value: str) -> str:
    name = value.removeprefix("/")
    if name in standard.DERIVED:
        raise ValueError(f"{value} is derived; it is as visible as what it belongs to")
    if f"/{name}" != value or name not in DEFAULTS:
        names = ", ".join(f"/{name}" for name in DEFAULTS)
        raise ValueError(f"must be one of {names}")
    return value


def _stand_once(kind: str, values: list[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"the {kind} {value} stands more than once")
        seen.add(value)


class Population(BaseModel):
    """`population`: whether a social identity fills standard attributes in at sign-up."""

    model_config = ConfigDict(extra="forbid")

    strategy: Strategy = "on_signup"


class StandardEntry(BaseModel):
    """What a file settles about one standard attribute; what it leaves out stays."""

    model_config = ConfigDict(extra="forbid")

    pointer: Annotated[str, AfterValidator(_standard_pointer)]
    access_control: Access | None = None
    merge: Merge | None = None

    def over(self, before: StandardAttribute) -> StandardAttribute:
        """Return the attribute as it is once this entry is in force."""
        return StandardAttribute(
            before.name, self.access_control or before.access_control, self.merge or before.merge
        )


class StandardAttributes(BaseModel):
    """`user_profile.standard_attributes`."""

    model_config = ConfigDict(extra="forbid")

    population: Population | None = None
    access_control: list[StandardEntry] = Field(default_factory=list)

    @field_validator("access_control")
    @classmethod
    def _each_once(cls, entries: list[StandardEntry]) -> list[StandardEntry]:
        _stand_once("pointer", [entry.pointer for entry in entries])
        return entries


class CustomAttributes(BaseModel):
    """`user_profile.custom_attributes`: ids and pointers each stand once."""

    model_config = ConfigDict(extra="forbid")

    attributes: list[CustomAttribute] = Field(default_factory=list)

    @field_validator("attributes")
    @classmethod
    def _each_once(cls, attributes: list[CustomAttribute]) -> list[CustomAttribute]:
        keys: tuple[tuple[str, Callable[[CustomAttribute], str]], ...] = (
            ("id", lambda attribute: attribute.id),
            ("pointer", lambda attribute: attribute.pointer),
        )
        for noun, key in keys:
            _stand_once(noun, [key(attribute) for attribute in attributes])
        return attributes


class UserProfile(BaseModel):
    """`user_profile`."""

    model_config = ConfigDict(extra="forbid")

    standard_attributes: StandardAttributes = Field(default_factory=StandardAttributes)
    custom_attributes: CustomAttributes = Field(default_factory=CustomAttributes)


def parse(fragment: Any) -> UserProfile | list[Fault]:
    """Return the fragment, or what is wrong with it."""
    try:
        return UserProfile.model_validate(fragment)
    except ValidationError as error:
        return faults_of(error, "user_profile")
