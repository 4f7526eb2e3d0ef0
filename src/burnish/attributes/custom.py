"""Custom attributes: their definition, and the rule each type sets for values."""

import re
import sys
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from burnish.attributes import formats, standard
from burnish.attributes.access import DEFAULT_CUSTOM, Access
from burnish.attributes.faults import Fault, faults_of
from burnish.attributes.merge import BY_STANDING, Merge

Type = Literal[
    "string",
    "number",
    "integer",
    "enum",
    "phone_number",
    "email",
    "url",
    "country_code",
    "boolean",
    "date",
    "datetime",
    "string_list",
]
TYPES: tuple[Type, ...] = get_args(Type)

_TEXTS = ("label", "help_text", "purpose")
_SWITCHES = ("indexed", "sensitive", "retired")

LONGEST_POINTER = 80

LARGEST_BOUND = 10**20
"""What a bound must stay below, so that it can be kept exactly."""

TOKEN_CLAIMS = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti")

_POINTER = re.compile(r"/[a-z](?:[a-z0-9_]*[a-z0-9])?")
_ENUM_ITEM = re.compile(r"[a-zA-Z0-9_]+")


def _pointer(value: str) -> str:
    name = value.removeprefix("/")
    if name in standard.RULES or name in standard.DERIVED:
        raise ValueError(
            f"{name} is a standard attribute already; every profile has it, so choose another name"
        )
    if name in TOKEN_CLAIMS:
        raise ValueError(f"{name} is reserved for tokens; choose another name")
    if not _POINTER.fullmatch(value):
        raise ValueError(
            "must be a slash and a name of small letters, digits and underscores that begins "
            "with a letter and does not end with an underscore, such as /company_size"
        )
    if len(value) > LONGEST_POINTER:
        raise ValueError(f"must have at most {LONGEST_POINTER} characters")
    return value


def _bound(value: float | None) -> float | None:
    if value is not None and not (abs(value) < LARGEST_BOUND and round(value, 10) == value):
        raise ValueError("must have at most 20 digits before the point and 10 behind it")
    return value


def _line(value: str) -> str:
    if value and (refusal := formats.text(value)):
        raise ValueError(refusal)
    return value


class CustomAttribute(BaseModel):
    """One entry of `user_profile.custom_attributes.attributes`; keys it does not know are left.

    `label` and `help_text` are for the people who see the attribute, `purpose` says what it is
    for. `indexed` ones can be searched by, `sensitive` ones are masked in logs. A `retired` one is
    hidden everywhere, but its values are kept until it is purged.
    """

    model_config = ConfigDict(frozen=True, strict=True)

    id: Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_line)]
    pointer: Annotated[str, AfterValidator(_pointer)]
    type: Type
    access_control: Access = DEFAULT_CUSTOM
    minimum: Annotated[int | float | None, AfterValidator(_bound)] = None
    maximum: Annotated[int | float | None, AfterValidator(_bound)] = None
    enum: list[str] | None = None
    label: Annotated[str, Field(max_length=200), AfterValidator(_line)] = ""
    help_text: Annotated[str, Field(max_length=1000), AfterValidator(_line)] = ""
    purpose: Annotated[str, Field(max_length=200), AfterValidator(_line)] = ""
    indexed: bool = False
    sensitive: bool = False
    retired: bool = False
    merge: Merge = BY_STANDING

    @field_validator("type", mode="before")
    @classmethod
    def _has_one_spelling(cls, value: Any) -> Any:
        return "country_code" if value == "alpha2" else value

    @field_validator("enum")
    @classmethod
    def _items_are_names(cls, items: list[str] | None) -> list[str] | None:
        for item in items or ():
            if not _ENUM_ITEM.fullmatch(item):
                raise ValueError(f"{item!r} must be letters, digits and underscores")
        if items and len(set(items)) != len(items):
            raise ValueError("each choice may stand only once")
        return items

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if self.type == "enum" and not self.enum:
            raise ValueError("an enum needs at least one choice in `enum`")
        bounds = [bound for bound in (self.minimum, self.maximum) if bound is not None]
        if self.type == "integer" and not all(float(bound).is_integer() for bound in bounds):
            raise ValueError("the bounds of an integer must be whole numbers")
        if len(bounds) == 2 and bounds[0] > bounds[1]:
            raise ValueError("`minimum` must not be above `maximum`")
        return self

    @property
    def name(self) -> str:
        """The attribute's name as hooks and clients see it."""
        return self.pointer.removeprefix("/")

    @property
    def title(self) -> str:
        """The attribute's name as people see it."""
        return self.label or default_label(self.pointer)

    def as_entry(self) -> dict[str, Any]:
        """Return the shortest entry that defines the same attribute."""
        entry: dict[str, Any] = {"id": self.id, "pointer": self.pointer, "type": self.type}
        entry |= {
            name: value
            for name in ("minimum", "maximum", "enum", *_TEXTS, *_SWITCHES)
            if (value := getattr(self, name))
            or (name in ("minimum", "maximum") and value is not None)
        }
        if self.merge != BY_STANDING:
            entry["merge"] = self.merge.as_entry()
        return entry | {"access_control": self.access_control.model_dump()}

    def refuse(self, value: Any) -> str | None:
        """Return why this value is refused, or None when it is good."""
        match self.type:
            case "string":
                return formats.text(value)
            case "number" | "integer":
                return self._refuse_number(value)
            case "enum":
                choices = self.enum or []
                return None if value in choices else f"must be one of {', '.join(choices)}"
            case "phone_number":
                return formats.phone_number(value)
            case "email":
                return formats.email(value)
            case "url":
                return formats.url(value)
            case "country_code":
                return formats.country_code(value)
            case "boolean":
                return None if isinstance(value, bool) else "must be true or false"
            case "date":
                return formats.date(value)
            case "datetime":
                return formats.moment(value)
            case "string_list":
                return formats.texts(value)

    def _refuse_number(self, value: Any) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "must be a number"
        if not abs(value) <= sys.float_info.max:
            return "must be a number that fits 64 bits of floating point"
        if self.type == "integer" and not float(value).is_integer():
            return "must be a whole number"
        if self.minimum is not None and value < self.minimum:
            return f"must be at least {self.minimum}"
        if self.maximum is not None and value > self.maximum:
            return f"must be at most {self.maximum}"
        return None


def parse(entry: Mapping[str, Any]) -> CustomAttribute | list[Fault]:
    """Return the attribute an entry defines, or what is wrong with it."""
    try:
        return CustomAttribute.model_validate(entry)
    except ValidationError as error:
        return faults_of(error)


def retyped(
    attribute: CustomAttribute, type: str, choices: list[str] | None = None
) -> CustomAttribute | list[Fault]:
    """Return an attribute with another type, without what that type does not know.

    `choices` are those of an enum. What is wrong with it comes back as faults.
    """
    entry = attribute.as_entry() | {"type": type}
    if choices is not None:
        entry["enum"] = choices
    for option, types in (
        ("enum", ("enum",)),
        ("minimum", ("number", "integer")),
        ("maximum", ("number", "integer")),
    ):
        if type not in types:
            entry.pop(option, None)
    return parse(entry)


def default_label(pointer: str) -> str:
    """Return the default label: `/company_size` reads `Company Size`."""
    return pointer.removeprefix("/").replace("_", " ").title()
