"""Values without parts of their own: times, and JSON whose members attributes name."""

from datetime import datetime
from typing import Any, NewType

import strawberry
from graphql import EnumValueNode, GraphQLError, StringValueNode
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.name_converter import NameConverter

Json = NewType("Json", object)
StandardAttributes = NewType("StandardAttributes", object)
CustomAttributes = NewType("CustomAttributes", object)
IdentityClaims = NewType("IdentityClaims", object)
AuthenticatorClaims = NewType("AuthenticatorClaims", object)
ClaimValue = NewType("ClaimValue", object)
Web3Claims = NewType("Web3Claims", object)
AuditLogData = NewType("AuditLogData", object)
ActivityType = NewType("ActivityType", str)


def _time(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _moment(text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise GraphQLError("write a time as in 2026-11-25T08:00:00Z") from None
    if moment.tzinfo is None:
        raise GraphQLError("a time needs its zone, as in 2026-11-25T08:00:00Z")
    return moment


def _word(node: Any, _variables: Any = None) -> str:
    if isinstance(node, EnumValueNode | StringValueNode):
        return node.value
    raise GraphQLError("write a type such as USER_CREATED")


def _object(name: str) -> Any:
    return strawberry.scalar(
        name=name, description="A JSON object.", serialize=lambda v: v, parse_value=lambda v: v
    )


SCALARS: dict[object, Any] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A time as RFC 3339 writes it.",
        serialize=_time,
        parse_value=_moment,
    ),
    StandardAttributes: _object("UserStandardAttributes"),
    CustomAttributes: _object("UserCustomAttributes"),
    IdentityClaims: _object("IdentityClaims"),
    AuthenticatorClaims: _object("AuthenticatorClaims"),
    ClaimValue: _object("ClaimValue"),
    Web3Claims: _object("Web3Claims"),
    AuditLogData: _object("AuditLogData"),
    ActivityType: strawberry.scalar(
        name="AuditLogActivityType",
        description="What was done, such as USER_CREATED.",
        serialize=lambda value: value,
        parse_value=str,
        parse_literal=_word,
    ),
}
"""The scalars by the type that stands for each."""

_CAPITALS = {"id": "ID", "ids": "IDs", "ip": "IP", "totp": "TOTP"}


class Names(NameConverter):
    """Names as Authgear writes them: `user_id` is `userID`."""

    def apply_naming_config(self, name: str) -> str:
        """Return a name of ours as GraphQL has it."""
        first, *words = name.split("_")
        return first + "".join(_CAPITALS.get(word, word.capitalize()) for word in words)


CONFIG = StrawberryConfig(
    scalar_map=SCALARS, name_converter=Names(), disable_field_suggestions=True
)
