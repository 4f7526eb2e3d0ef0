"""Somebody signed in, or proved once more who they are: said in the outbox."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from burnish.events.entities import Session
from burnish.events.user import UserAuthenticated, UserReauthenticated
from burnish_server.hooks import store as hooks
from burnish_server.identity import circumstances, entities, way_in
from burnish_server.identity.models import User
from burnish_server.identity.session_keys import stored


def count(user: User, **_: Any) -> None:
    """Note that somebody signed in, and how often they have."""
    user.last_login = timezone.now()
    User.objects.filter(pk=user.pk).update(last_login=user.last_login, logins=F("logins") + 1)
    user.logins += 1


def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Say that somebody signed in, and end their way in."""
    around, at = circumstances.of(request, triggered_by="user"), timezone.now()
    event = UserAuthenticated(entities.present(user), _session(request, user))
    way_in.forget(request)
    hooks.happened(event, around.context(str(user.pk), at), at)


def step_completed(request: HttpRequest, user: User, **step: Any) -> None:
    """Say that somebody who was signed in proved once more who they are."""
    if not step.get("reauthenticated"):
        return
    around, at = circumstances.of(request, triggered_by="user"), timezone.now()
    event = UserReauthenticated(entities.present(user), _session(request, user))
    way_in.forget(request)
    hooks.happened(event, around.context(str(user.pk), at), at)


def _session(request: HttpRequest, user: User) -> Session:
    """Return the session as hooks see it: its id is not its key, which would let anybody in."""
    at = timezone.now()
    around = circumstances.of(request, triggered_by="user")
    return Session(
        id=str(uuid5(NAMESPACE_URL, f"session/{stored(request.session.session_key)}")),
        created_at=at,
        updated_at=at,
        amr=way_in.amr(request, user),
        created_by_ip=around.ip_address,
        last_accessed_by_ip=around.ip_address,
        display_name=around.user_agent[:100],
        user_agent=around.user_agent,
    )
