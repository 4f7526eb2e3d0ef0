"""The end of an account: deleted or anonymised, at once or after some days."""

from collections.abc import Callable
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from burnish_server.api import deed
from burnish_server.api.auth import Key
from burnish_server.api.problems import Problem
from burnish_server.api.users import which
from burnish_server.api.users.account import Reason, done, noting
from burnish_server.api.users.refused import passed
from burnish_server.api.users.router import router as users
from burnish_server.api.users.shown import ShownUser, show_one
from burnish_server.api.users.which import AROUND, UserId
from burnish_server.api_keys.scope import USERS_DELETE
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import anonymization, deletion
from burnish_server.identity.models import User

router = Router(tags=["accounts"])


class Deletion(Schema):
    """Why an account is to be deleted; hooks are told."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Asked us to"}]}
    )

    reason: Reason = ""


class Anonymization(Schema):
    """After how many days an account is to be anonymised."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"days": 30}]})

    days: Annotated[int, Field(ge=0, le=3650)] = 30


@router.put("/users/{user_id}/deletion", response=ShownUser, auth=Key(USERS_DELETE))
def schedule_deletion(
    request: HttpRequest, user_id: UserId, why: Deletion | None = None
) -> dict[str, Any]:
    """Close an account and delete it after the grace period. Hooks may refuse it."""
    user, reason = _open_ended(request, user_id), (why or Deletion()).reason
    note = noting(request, user, "delete", {"reason": reason})
    passed(deletion.schedule(user, AROUND, reason=reason, also=note))
    return show_one(which.user(user_id))


@router.delete("/users/{user_id}/deletion", response=ShownUser, auth=Key(USERS_DELETE))
def cancel_deletion(request: HttpRequest, user_id: UserId) -> dict[str, Any]:
    """Keep an account that was to be deleted, and open it."""
    return _call_off(request, user_id, "delete_at", deletion.unschedule, "keep")


@users.delete("/users/{user_id}", tags=["accounts"], response={204: None}, auth=Key(USERS_DELETE))
def delete_user(
    request: HttpRequest, user_id: UserId, why: Annotated[Deletion, Query()]
) -> Status[None]:
    """Delete an account and all that is known of its person, at once. It cannot be had back."""
    user = which.changeable(request, user_id)
    with transaction.atomic():
        detail = {"now": True, "reason": why.reason}
        deed.record(request, "delete", "user", user.pk, user.pk, detail)
        deletion.delete(user, AROUND, why.reason)
    return Status(204, None)


@router.put("/users/{user_id}/anonymization", response=ShownUser, auth=Key(USERS_DELETE))
def schedule_anonymization(
    request: HttpRequest, user_id: UserId, when: Anonymization | None = None
) -> dict[str, Any]:
    """Close an account and anonymise it after some days. Hooks may refuse it."""
    user, days = _open_ended(request, user_id), (when or Anonymization()).days
    note = noting(request, user, "anonymize", {"days": days})
    passed(anonymization.schedule(user, AROUND, days, also=note))
    return show_one(which.user(user_id))


@router.delete("/users/{user_id}/anonymization", response=ShownUser, auth=Key(USERS_DELETE))
def cancel_anonymization(request: HttpRequest, user_id: UserId) -> dict[str, Any]:
    """Leave an account that was to be anonymised as it is, and open it."""
    return _call_off(request, user_id, "anonymize_at", anonymization.unschedule, "leave")


@router.post("/users/{user_id}/anonymize", response=ShownUser, auth=Key(USERS_DELETE))
def anonymize_user(request: HttpRequest, user_id: UserId) -> dict[str, Any]:
    """Remove all that is personal from an account, at once, and keep the account."""
    user = which.changeable(request, user_id)
    with transaction.atomic():
        deed.record(request, "anonymize", "user", user.pk, user.pk, {"now": True})
        anonymization.anonymize(user, AROUND)
    return show_one(which.user(user_id))


def _open_ended(request: HttpRequest, user_id: str) -> User:
    user = which.changeable(request, user_id)
    if user.delete_at or user.anonymize_at:
        raise Problem(409, "ending_scheduled", "This account is to be deleted or anonymised.")
    return user


def _call_off(
    request: HttpRequest,
    user_id: str,
    field: str,
    off: Callable[[User, Circumstances], None],
    action: str,
) -> dict[str, Any]:
    user = which.changeable(request, user_id)
    if getattr(user, field) is None:
        raise Problem(409, "not_scheduled", "There is nothing to call off for this account.")
    off(user, AROUND)
    return done(request, user, action)
