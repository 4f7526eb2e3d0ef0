"""A way in: somebody signs in, signs up, or proves once more who they are.

It begins when the page is opened and is kept in the session: what hooks demand of it, and how far
it has come. Without hooks that listen nothing is kept.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.account.internal.stagekit import clear_login
from allauth.account.internal.userkit import user_id_to_str
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from burnish.events import authentication
from burnish.events.entities import (
    LOGIN_ID_CLAIMS,
    Authentication,
    AuthenticationContext,
    Authenticator,
    Identification,
    Identity,
)
from burnish.events.event import Event
from burnish.hooks.outcome import Denied, Failed, HookRun, Requirements
from burnish_server.hooks.ask import ask
from burnish_server.hooks.store import listening
from burnish_server.identity import circumstances, entities
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles

Kind = Literal["login", "signup", "reauth"]

KEY = "way_in"
WISH = "questions"
"""What an app wishes of a way in, in its address and in the session: `ask` or `none`."""

_AMR: Mapping[str, tuple[str, ...]] = {
    "password": ("pwd", "x_primary_password"),
    "code": ("otp", "x_primary_oob_otp_email"),
    "sms": ("otp", "sms", "x_primary_oob_otp_sms"),
    "totp": ("mfa", "otp", "x_secondary_totp"),
    "recovery_codes": ("mfa", "x_recovery_code"),
    "webauthn": ("mfa", "x_passkey"),
}
"""The methods of authentication (RFC 8176, and the contract's own) of what allauth records."""

NO_KEYS = (
    "Burnish: bot_protection has no effect, for there are no keys; set BURNISH_TURNSTILE_SITE_KEY "
    "and BURNISH_TURNSTILE_SECRET_KEY.\n"
)

_AUTHENTICATIONS = {
    "password": "primary_password",
    "code": "primary_oob_otp_email",
    "sms": "primary_oob_otp_sms",
    "totp": "secondary_totp",
    "recovery_codes": "recovery_code",
    "webauthn": "primary_passkey",
}


_TYPES = {"code": "oob_otp_email", "sms": "oob_otp_sms", "webauthn": "passkey"}


def begin(request: HttpRequest, kind: Kind) -> Denied | Failed | None:
    """Begin a way in, unless it has begun; return who stands in it."""
    _note_wish(request)
    begun = request.session.get(KEY, {}).get("kind")
    if begun == kind:
        return None
    if begun is not None:
        # A login that is pending ends, or it would go on without what the hooks demand of it.
        clear_login(request)
    request.session.pop(KEY, None)
    context = AuthenticationContext((kind, "default"))
    return _ask(request, kind, authentication.AuthenticationPreInitialize(context), None)


def identified(
    request: HttpRequest, kind: Kind, identification: Identification, user: User | None
) -> Denied | Failed | None:
    """Go on with somebody who has said who they are; return who stands in the way."""
    if not listening(authentication.AuthenticationPostIdentified.type):
        return None
    who = entities.present(user) if user else None
    now = AuthenticationContext((kind, "default"), who, (identification,))
    event = authentication.AuthenticationPostIdentified(identification, now)
    return _ask(request, kind, event, user)


def authenticated(request: HttpRequest, kind: Kind, user: User) -> Denied | Failed | None:
    """Go on with somebody who has proved it; return who stands in the way."""
    if not listening(authentication.AuthenticationPreAuthenticated.type):
        return None
    methods = proofs(request, user)
    now = AuthenticationContext(
        (kind, "default"),
        entities.present(user),
        tuple(_identification(one) for one in entities.identities(user)[:1]),
        tuple(Authentication(_AUTHENTICATIONS[m], _authenticator(user, m)) for m in methods),
        amr(request, user),
    )
    return _ask(request, kind, authentication.AuthenticationPreAuthenticated(now), user)


def proofs(request: HttpRequest, user: User) -> list[str]:
    """Return how somebody has proved who they are, in order: `password`, `sms`, `totp`..."""
    records = get_authentication_records(request, user)
    names = [
        "sms" if record.get("phone") else str(record.get("type") or record["method"])
        for record in records
    ]
    return [name for name in dict.fromkeys(names) if name in _AUTHENTICATIONS]


def amr(request: HttpRequest, user: User) -> tuple[str, ...]:
    """Return the methods of authentication used so far, sorted."""
    used = {value for name in proofs(request, user) for value in _AMR[name]}
    return tuple(sorted(used))


def carry_over(request: HttpRequest, user: User, used: Sequence[str], at: datetime) -> None:
    """Have a new session continue a login of before: `used` are its `amr`, `at` is when it was."""
    names = [name for name, values in _AMR.items() if set(values) <= set(used)]
    records = [{"method": name, "at": at.timestamp()} for name in names]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = records or [
        {"method": "app_session", "at": at.timestamp()}
    ]
    request.session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)


def demands(request: HttpRequest) -> Requirements:
    """Return what the hooks of this way in demand."""
    kept = request.session.get(KEY, {})
    demanded = kept.get("amr")
    return Requirements(
        None if demanded is None else tuple(demanded), kept.get("bot"), kept.get("weights")
    )


def weight(request: HttpRequest, limit: str) -> int:
    """Return how many attempts this one counts for in a rate limit."""
    weights = demands(request).weights
    return 1 if weights is None else round(weights.get(limit, 1))


def kind_of(request: HttpRequest, default: Kind) -> Kind:
    """Return which way in this is."""
    kind: Kind = request.session.get(KEY, {}).get("kind", default)
    return kind


def forget(request: HttpRequest) -> None:
    """End a way in."""
    request.session.pop(KEY, None)
    request.session.pop(WISH, None)


def wants_no_questions(request: HttpRequest) -> bool:
    """Return whether the app wishes that nothing optional is asked at this way in."""
    return request.session.get(WISH) == "none"


def _note_wish(request: HttpRequest) -> None:
    wish = request.GET.get(WISH)
    if wish == "none":
        request.session[WISH] = wish
    elif wish == "ask":
        request.session.pop(WISH, None)


def _ask(
    request: HttpRequest, kind: Kind, event: Event, user: User | None
) -> Denied | Failed | None:
    context = circumstances.of(request, triggered_by="user").context(
        str(user.pk) if user else None, timezone.now()
    )
    outcome = ask(event, context, profiles.schema(), _without_effect)
    if isinstance(outcome, Denied | Failed):
        return outcome
    if outcome.runs:
        now = demands(request) | outcome.requirements
        request.session[KEY] = _kept(kind, now)
    return None


def _without_effect(run: HookRun) -> str:
    """Return what the log says where a hook asks for what is not set up here."""
    if run.outcome != "allowed" or settings.BURNISH.turnstile.configured:
        return ""
    wish = run.answer.get("bot_protection") or {}
    return NO_KEYS if wish.get("mode") == "always" else ""


def _kept(kind: Kind, now: Requirements) -> dict[str, Any]:
    demanded: Sequence[str] | None = now.amr
    return {
        "kind": kind,
        "amr": None if demanded is None else list(demanded),
        "bot": now.bot_protection,
        "weights": None if now.weights is None else dict(now.weights),
    }


def _identification(one: Identity) -> Identification:
    """Return how somebody says who they are with this: `email`, `phone`, `oauth`..."""
    if one.type != "login_id":
        return Identification(one.type, one)
    return Identification(next(k for k, c in LOGIN_ID_CLAIMS.items() if c in one.claims), one)


def _authenticator(user: User, method: str) -> Authenticator:
    return Authenticator(
        id=f"{user.pk}/{method}",
        user_id=str(user.pk),
        created_at=user.created_at,
        updated_at=user.updated_at,
        type=_TYPES.get(method, method),
        kind="secondary" if method in ("totp", "recovery_codes") else "primary",
        is_default=method == "password",
    )
