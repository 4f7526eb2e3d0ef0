"""Where somebody is signed in, and signing out there."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from burnish_server import prepared
from burnish_server.audit.log import Actor
from burnish_server.identity import audited
from burnish_server.identity.models import User
from burnish_server.identity.oidc import grants
from burnish_server.identity.session_keys import stored

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)

_AGENT_LENGTH = UserSession._meta.get_field("user_agent").max_length

_BEGUN = """
INSERT INTO usersessions_usersession
    (user_id, created_at, last_seen_at, ip, session_key, user_agent, data)
VALUES (%s, %s, %s, %s::inet, %s, %s, '{}')
ON CONFLICT (session_key) DO UPDATE SET (user_id, last_seen_at, ip, user_agent) =
    (excluded.user_id, excluded.last_seen_at, excluded.ip, excluded.user_agent)
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Place:
    """One session, in words."""

    id: int
    device: str
    ip: str
    created_at: datetime
    is_current: bool


def of(user: User, current: str | None = None) -> list[Place]:
    """Return where somebody is signed in, the latest first; `current` is this session's key."""
    found = UserSession.objects.purge_and_list(user)
    here = stored(current) if current else None
    found.sort(key=lambda session: session.created_at, reverse=True)
    return [
        Place(one.pk, device(one.user_agent), one.ip, one.created_at, one.session_key == here)
        for one in found
    ]


def begun(request: HttpRequest, **_signal: Any) -> None:
    """Take in that somebody signed in somewhere: a new session, or one that goes on."""
    if not request.session.session_key:
        request.session.save()
    agent = request.META.get("HTTP_USER_AGENT", "")[:_AGENT_LENGTH]
    who, now = cast(User, request.user).pk, timezone.now()
    place = request.META["REMOTE_ADDR"], stored(request.session.session_key), agent
    prepared.row(_BEGUN, [who, now, now, *place])


def end(user: User, which: str, current: str | None = None) -> int:
    """Sign somebody out of one session, by its id, or of all but the current; return how many."""
    sessions = UserSession.objects.filter(user=user)
    if current:
        sessions = sessions.exclude(session_key=stored(current))
    if which != "others":
        sessions = sessions.filter(pk=int(which)) if which.isdecimal() else sessions.none()
    ended = list(sessions)
    get_adapter().end_sessions(ended)
    return len(ended)


def end_all(user: User) -> int:
    """Sign somebody out of every session and every app; return of how many sessions."""
    ended = end(user, "others")
    grants.revoke_all_of(user.pk)
    return ended


def device(user_agent: str) -> str:
    """Return a browser and what it runs on, as people know them."""
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or re.sub(r"[/ ].*", "", user_agent)[:40] or _("Unknown device")


def _first(known: Any, user_agent: str) -> str:
    return next((name for mark, name in known if mark in user_agent), "")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Show somebody where they are signed in, and sign them out there."""
    user, current = cast(User, request.user), request.session.session_key
    if request.method == "POST":
        if count := end(user, request.POST.get("end", "")[:18], current):
            audited.sessions_ended(user, count, Actor.of_user(user.pk))
            messages.success(request, _("Signed out there."))
        return redirect("usersessions_list")
    context = {"sessions": of(user, current)}
    return render(request, "usersessions/usersession_list.html", context)
