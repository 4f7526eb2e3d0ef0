"""What goes wrong, as GraphQL tells it: a message, and `extensions` with a name and a reason.

Names and reasons are Authgear's. What is a fault of ours is logged, and told as that only.
"""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

import structlog
from graphql import GraphQLError

from burnish.attributes.access import AccessControlViolated
from burnish.attributes.faults import Fault, InvalidValues
from burnish.errors import BurnishError, RuntimeUnavailable
from burnish.hooks.outcome import Denied, Failed
from burnish_server.identity.authority import (
    UserIsAdministrator,
    UserIsAnonymized,
    UserNotFound,
)
from burnish_server.identity.flows.administrator import Unacceptable
from burnish_server.identity.flows.login_ids import LastWayIn, Taken
from burnish_server.identity.flows.signup import EmailTaken
from burnish_server.profiles.store import Conflict
from burnish_server.roles.edit import KeyTaken, UnfitRole
from burnish_server.roles.tie import UnknownKeys, UnknownUsers

T = TypeVar("T")

log = structlog.get_logger("burnish.api")


class Refusal(Exception):
    """It cannot be done; `name` and `reason` are for programs, the message for their authors."""

    def __init__(self, name: str, reason: str, message: str, info: Any = None) -> None:
        super().__init__(message)
        self.name = name
        self.reason = reason
        self.info: Mapping[str, Any] = info or {}


def invalid(message: str, reason: str = "Invalid") -> Refusal:
    """Return the refusal of an argument."""
    return Refusal("Invalid", reason, message)


def not_found(what: str) -> Refusal:
    """Return the refusal of something that is not there: `user`, `role` and the like."""
    return Refusal("NotFound", f"{what.capitalize()}NotFound", f"There is no such {what}.")


def stop(outcome: Denied | Failed) -> NoReturn:
    """Raise what a hook's denial or failure is to the one who asked."""
    error = outcome.as_error()["error"]
    raise Refusal(error["name"], error["reason"], error["message"], error.get("info"))


def on_identity(change: Callable[[], T]) -> T:
    """Return what a change of an identity gives. Raises a refusal where it cannot be made."""
    try:
        return change()
    except Taken:
        message = "Somebody signs in with this already."
        raise Refusal("AlreadyExists", "DuplicatedIdentity", message) from None
    except LastWayIn:
        message = "Without it this user could not sign in any more."
        raise Refusal("Invalid", "RemoveLastIdentity", message) from None
    except Unacceptable as error:
        raise Refusal("Invalid", "ValidationFailed", str(error)) from None


def of(error: Exception) -> Refusal | None:
    """Return what an error of a room is here; None where it is a fault of ours."""
    if isinstance(error, Refusal):
        return error
    for kind, refuse in _ROOMS.items():
        if isinstance(error, kind):
            return refuse(error)
    return None


def as_json(error: GraphQLError) -> dict[str, Any]:
    """Return an error as it is answered."""
    told: dict[str, Any] = {"message": error.message}
    if error.locations:
        told["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path:
        told["path"] = error.path
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError):
        refusal: Refusal | None = Refusal("BadRequest", "InvalidQuery", error.message)
    else:
        refusal = of(cause)
    if refusal is None:
        log.error("graphql failed", path=error.path, exc_info=cause)
        refusal = Refusal("InternalError", "UnexpectedError", "unexpected error")
    told["message"] = str(refusal)
    about = {"errorName": refusal.name, "reason": refusal.reason}
    told["extensions"] = {**about, "info": refusal.info} if refusal.info else about
    return told


def faults(found: tuple[Fault, ...] | list[Fault]) -> Refusal:
    """Return the refusal of values the schema of attributes does not know or allow."""
    causes = [
        {"location": fault.path, "kind": "general", "details": {"msg": fault.message}}
        for fault in found
    ]
    words = "; ".join(str(fault) for fault in found)
    return Refusal("Invalid", "ValidationFailed", f"invalid value: {words}", {"causes": causes})


def _unknown(error: UnknownKeys) -> Refusal:
    reason = f"{error.noun.capitalize()}UnknownKeys"
    return Refusal("NotFound", reason, str(error), {"keys": list(error.keys)})


_ROOMS: dict[type[Exception], Callable[[Any], Refusal]] = {
    InvalidValues: lambda error: faults(error.faults),
    AccessControlViolated: lambda e: Refusal("Forbidden", "AccessControlViolated", str(e)),
    UnknownKeys: _unknown,
    UserNotFound: lambda _: not_found("user"),
    UserIsAdministrator: lambda e: Refusal("Forbidden", "UserIsAdministrator", str(e)),
    UserIsAnonymized: lambda e: Refusal("Invalid", "UserIsAnonymized", str(e)),
    UnknownUsers: lambda e: Refusal("NotFound", "UserNotFound", str(e)),
    UnfitRole: lambda e: Refusal("Invalid", "ValidationFailed", str(e)),
    KeyTaken: lambda e: Refusal("AlreadyExists", "DuplicateKey", str(e)),
    EmailTaken: lambda _: Refusal(
        "AlreadyExists", "DuplicatedIdentity", "Somebody signs in with this already."
    ),
    Conflict: lambda _: Refusal(
        "DataRace", "Conflict", "Somebody else changed this meanwhile; read it again."
    ),
    RuntimeUnavailable: lambda e: Refusal("ServiceUnavailable", "ServiceUnavailable", str(e)),
    BurnishError: lambda e: Refusal("BadRequest", "BadRequest", str(e)),
}
