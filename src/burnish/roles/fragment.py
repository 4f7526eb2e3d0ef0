"""The `roles` and `groups` fragments of a configuration file. Who has which is in no file."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from burnish.attributes.faults import Fault, faults_of
from burnish.roles.key import refuse


def _key(key: str) -> str:
    if refusal := refuse(key):
        raise ValueError(refusal)
    return key


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain a null character")
    return text


Key = Annotated[str, AfterValidator(_key)]


class Role(BaseModel):
    """One entry of `roles`. Apps know it by its key, people by its name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Key
    name: Annotated[str, AfterValidator(_storable)] = Field(default="", max_length=200)
    description: Annotated[str, AfterValidator(_storable)] = Field(default="", max_length=2000)

    def as_entry(self) -> dict[str, Any]:
        """Return the shortest entry that says the same."""
        return self.model_dump(mode="json", exclude_defaults=True)


class Group(Role):
    """One entry of `groups`. Everybody in it has exactly these roles by it, which it sorts."""

    roles: Annotated[tuple[Key, ...], AfterValidator(lambda keys: tuple(sorted({*keys})))] = ()


E = TypeVar("E", bound=Role)


def _each_once(entries: tuple[E, ...]) -> tuple[E, ...]:
    keys = [entry.key for entry in entries]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"the key {key} stands more than once")
    return entries


_ROLES: TypeAdapter[tuple[Role, ...]] = TypeAdapter(
    Annotated[tuple[Role, ...], AfterValidator(_each_once)]
)
_GROUPS: TypeAdapter[tuple[Group, ...]] = TypeAdapter(
    Annotated[tuple[Group, ...], AfterValidator(_each_once)]
)


def parse_roles(fragment: Any) -> tuple[Role, ...] | list[Fault]:
    """Return the fragment `roles`, or what is wrong with it."""
    try:
        return _ROLES.validate_python(fragment)
    except ValidationError as error:
        return faults_of(error, "roles")


def parse_groups(fragment: Any) -> tuple[Group, ...] | list[Fault]:
    """Return the fragment `groups`, or what is wrong with it."""
    try:
        return _GROUPS.validate_python(fragment)
    except ValidationError as error:
        return faults_of(error, "groups")


def unknown(groups: Sequence[Group], keys: set[str]) -> list[Fault]:
    """Return where groups name roles that are not among these."""
    return [
        Fault(f"groups.{place}.roles", f"there is no role {key}; define it in roles")
        for place, group in enumerate(groups)
        for key in group.roles
        if key not in keys
    ]
