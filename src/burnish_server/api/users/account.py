"""Accounts closed to their users, for good or for a time, and opened again."""

from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime, ConfigDict, Field

from burnish.attributes.faults import Fault, InvalidValues
from burnish_server.api import deed
from burnish_server.api.auth import Key
from burnish_server.api.problems import Problem
from burnish_server.api.text import Storable
from burnish_server.api.users import which
from burnish_server.api.users.shown import ShownUser, show_one
from burnish_server.api.users.which import AROUND, UserId
from burnish_server.api_keys.scope import USERS_WRITE
from burnish_server.identity.flows import disabling
from burnish_server.identity.models import User

router = Router(tags=["accounts"])

Reason = Annotated[Storable, Field(max_length=300)]


class Disable(Schema):
    """Why, and between which moments; by default at once, and until somebody opens it again."""

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [{"reason": "Asked us to", "until": "2027-01-01T00:00:00Z"}]
        },
    )

    reason: Reason = ""
    since: AwareDatetime | None = None
    """The first moment; now if it is left out."""
    until: AwareDatetime | None = None
    """When it opens by itself; never if it is left out."""


@router.post("/users/{user_id}/disable", response=ShownUser, auth=Key(USERS_WRITE))
def disable_user(
    request: HttpRequest, user_id: UserId, how: Disable | None = None
) -> dict[str, Any]:
    """Close an account, for good or for a time."""
    how = how or Disable()
    if how.until and how.since and how.until <= how.since:
        raise InvalidValues([Fault("/until", "must be later than since")])
    if how.since and not how.until:
        raise InvalidValues([Fault("/until", "must be given where since is")])
    user = which.changeable(request, user_id)
    detail = {"reason": how.reason, "temporarily": how.until is not None}
    disabling.disable(user, AROUND, reason=how.reason, since=how.since, until=how.until)
    return done(request, user, "disable", detail)


@router.post("/users/{user_id}/enable", response=ShownUser, auth=Key(USERS_WRITE))
def enable_user(request: HttpRequest, user_id: UserId) -> dict[str, Any]:
    """Open an account again. One that is to be deleted or anonymised is kept first."""
    user = which.changeable(request, user_id)
    if user.delete_at or user.anonymize_at:
        sentence = "This account is to be deleted or anonymised; call that off instead."
        raise Problem(409, "ending_scheduled", sentence)
    disabling.enable(user, AROUND)
    return done(request, user, "enable")


def done(
    request: HttpRequest, user: User, action: str, detail: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Write down what was done to an account, and return the user as they are now."""
    noting(request, user, action, detail or {})()
    return show_one(which.user(str(user.pk)))


def noting(
    request: HttpRequest, user: User, action: str, detail: dict[str, Any]
) -> Callable[[], None]:
    """Return what writes it down, to be called in the transaction that does it."""
    return lambda: deed.record(request, action, "user", user.pk, user, detail)
