"""What happens at the sign-in pages and is only for the audit log: nobody is told of it.

No name or address somebody typed is kept: only whose account it was, where there is one.
"""

from typing import Any

from allauth.account.internal.stagekit import get_pending_stage
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from burnish_server.audit.log import Actor, record
from burnish_server.identity.lookup import find
from burnish_server.identity.models import User

_SECONDARY = {"totp": "secondary.totp", "recovery_codes": "secondary.recovery_code"}


def failed(request: HttpRequest, said: str) -> None:
    """Note that somebody could not prove who they say they are."""
    user = find(said) if said else None
    what = "primary.password" if user else "identity.login_id"
    _note(f"authentication.{what}.failed", user, request)


def wrong_code(
    sender: Any, request: HttpRequest, user: User, authenticator: Any = None, **_: Any
) -> None:
    """Note that a code was not the one somebody was sent, or not one of their app's."""
    if authenticator is not None:
        wrong_proof(request, _SECONDARY[authenticator.type], user)
        return
    stage = get_pending_stage(request)
    by_phone = "phone" in stage.state if stage else user.email is None
    wrong_proof(request, "primary.oob_otp_sms" if by_phone else "primary.oob_otp_email", user)


def wrong_proof(request: HttpRequest, what: str, user: User | None) -> None:
    """Note that something did not prove who somebody is, such as a `primary.passkey`."""
    _note(f"authentication.{what}.failed", user, request)


def sessions_ended(user: User, count: int, by: Actor) -> None:
    """Note of how many sessions somebody was signed out, elsewhere than where that was asked."""
    record(by, "user.session.terminated", "user", user.pk, user, {"sessions": count})


def signed_out(sender: Any, request: HttpRequest, user: User | None, **_: Any) -> None:
    """Note that somebody signed out."""
    if user is not None:
        _note("user.signed_out", user, request)


def limited(request: HttpRequest, said: str) -> None:
    """Note that somebody has tried too often; once a minute for an address they come from."""
    visitor = salted_hmac("audited-limit", str(request.META.get("REMOTE_ADDR", ""))).hexdigest()
    if cache.add(f"audited-limit:{visitor}", 1, timeout=60):
        _note("rate_limit.blocked", find(said) if said else None, request)


def _note(action: str, user: User | None, request: HttpRequest) -> None:
    who = user.pk if user else None
    detail = {"path": request.path, "ip_address": str(request.META.get("REMOTE_ADDR", ""))}
    record(Actor.of_user(who), action, "user", who or "", user or "unknown", detail)
