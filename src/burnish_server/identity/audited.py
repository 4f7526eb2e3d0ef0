"""What happens at the sign-in pages and is only for the audit log: nobody is told of it.

No name or address somebody typed is kept: only whose account it was, where there is one.
"""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest

from burnish_server.audit.log import Actor, record
from burnish_server.identity.lookup import find
from burnish_server.identity.models import User


def failed(request: HttpRequest, said: str) -> None:
    """Note that somebody could not prove who they say they are."""
    user = find(said) if said else None
    what = "primary.password" if user else "identity.login_id"
    _note(f"authentication.{what}.failed", user, request)


def signed_out(sender: Any, request: HttpRequest, user: User | None, **_: Any) -> None:
    """Note that somebody signed out."""
    if user is not None:
        _note("user.signed_out", user, request)


def limited(request: HttpRequest, said: str) -> None:
    """Note that somebody has tried too often; once a minute for an address they come from."""
    if cache.add(f"audited-limit:{request.META.get('REMOTE_ADDR', '')}", 1, timeout=60):
        _note("rate_limit.blocked", find(said) if said else None, request)


def _note(action: str, user: User | None, request: HttpRequest) -> None:
    who = user.pk if user else None
    detail = {"path": request.path, "ip_address": str(request.META.get("REMOTE_ADDR", ""))}
    record(Actor.of_user(who), action, "user", who or "", user or "unknown", detail)
