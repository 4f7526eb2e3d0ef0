"""Where a user is signed in, and signing them out."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict

from burnish_server.api import deed
from burnish_server.api.auth import Key
from burnish_server.api.problems import Problem
from burnish_server.api.users import which
from burnish_server.api.users.which import UserId
from burnish_server.api_keys.scope import USERS_READ, USERS_WRITE
from burnish_server.identity import user_sessions

router = Router(tags=["sessions"])

_EXAMPLE: dict[str, Any] = {
    "id": "17",
    "device": "Firefox on Linux",
    "ip_address": "203.0.113.7",
    "created_at": "2026-03-02T09:14:07Z",
}


class Session(Schema):
    """One place where a user is signed in."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: str
    device: str
    ip_address: str
    created_at: datetime


class Sessions(Schema):
    """All of them, the latest first."""

    items: list[Session]


class Ended(Schema):
    """How many sessions were ended."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"ended": 2}]})

    ended: int


@router.get("/users/{user_id}/sessions", response=Sessions, auth=Key(USERS_READ))
def list_sessions(request: HttpRequest, user_id: UserId) -> dict[str, Any]:
    """List where a user is signed in."""
    places = user_sessions.of(which.user(user_id))
    return {
        "items": [
            {
                "id": str(one.id),
                "device": one.device,
                "ip_address": one.ip,
                "created_at": one.created_at,
            }
            for one in places
        ]
    }


@router.delete("/users/{user_id}/sessions", response=Ended, auth=Key(USERS_WRITE))
def end_sessions(request: HttpRequest, user_id: UserId) -> dict[str, Any]:
    """Sign a user out everywhere."""
    user = which.changeable(request, user_id)
    ended = user_sessions.end_all(user)
    deed.record(request, "user.session.terminated", "user", user.pk, user, {"sessions": ended})
    return {"ended": ended}


@router.delete(
    "/users/{user_id}/sessions/{session_id}", response={204: None}, auth=Key(USERS_WRITE)
)
def end_session(request: HttpRequest, user_id: UserId, session_id: str) -> Status[None]:
    """Sign a user out of one session."""
    user = which.changeable(request, user_id)
    known = session_id.isascii() and session_id.isdecimal() and len(session_id) < 18
    if not known or not user_sessions.end(user, session_id):
        raise Problem(404, "session_not_found", "This user has no such session.")
    deed.record(request, "user.session.terminated", "user", user.pk, user, {"sessions": 1})
    return Status(204, None)
