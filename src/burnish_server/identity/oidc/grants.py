"""Grants, and the tokens that belong to them."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from burnish.oauth import scopes
from burnish_server.identity.models import User
from burnish_server.identity.oidc import digest
from burnish_server.identity.oidc.models import (
    AccessToken,
    Client,
    DeviceCode,
    Grant,
    RefreshToken,
    SessionToken,
)
from burnish_server.identity.oidc.refusal import Refused
from burnish_server.identity.session_keys import stored

_CHAIN = "burnish_server.identity.oidc.refresh"

SESSION_TOKEN_LIVES = timedelta(minutes=5)

GRACE = timedelta(seconds=30)
"""How long a refresh token that was exchanged is still answered, for an answer that was lost."""


@dataclass(frozen=True, slots=True)
class Login:
    """How somebody came in: when, by which methods, and in which browser session."""

    user: User
    auth_time: datetime
    amr: Sequence[str] = ()
    session: str = ""


def begin(
    client: Client,
    login: Login | None,
    wanted: Sequence[str],
    *,
    state: str = "",
    x_state: str = "",
) -> Grant:
    """Write a grant: of a person who came in, or of a program for itself."""
    at = timezone.now()
    offline = scopes.OFFLINE in wanted
    lives = client.refresh_token_lifetime_seconds if offline else 0
    # Without a refresh token it ends with its access token, which a code may wait a minute for.
    lives = lives or client.access_token_lifetime_seconds + 60
    return Grant.objects.create(
        client=client,
        user=login.user if login else None,
        scopes=list(wanted),
        session=stored(login.session) if login and login.session else "",
        auth_time=login.auth_time if login else at,
        amr=list(login.amr) if login else [],
        state=state[:500],
        x_state=x_state[:500],
        created_at=at,
        ends_at=at + timedelta(seconds=lives),
    )


def dead(grant: Grant) -> Refused | None:
    """Return why nothing more comes of a grant, if nothing does."""
    if grant.revoked_at is not None or grant.ends_at <= timezone.now():
        return invalid("What was granted is over; have the person sign in again.")
    if grant.user is not None and not grant.user.is_active:
        return invalid("The person's account is closed.")
    return None


def find_refresh(client: Client, text: str) -> RefreshToken:
    """Return a refresh token that can be used now. Raises `Refused`.

    One that was used longer ago than `GRACE` is in two hands: its grant is revoked, with all tokens
    (RFC 9700, 4.14.2).
    """
    token = (
        RefreshToken.objects.select_related("grant__client", "grant__user")
        .filter(pk=digest.of(text))
        .first()
    )
    if token is None or token.grant.client_id != client.pk:
        raise invalid("The refresh token is not known, or belongs to another client.")
    if is_reused(token.used_at, timezone.now()):
        raise _revoked(token.grant)
    if refusal := dead(token.grant):
        raise refusal
    return token


def is_reused(used_at: datetime | None, at: datetime) -> bool:
    """Return whether a refresh token that was exchanged comes too late to be a retry."""
    return used_at is not None and at - used_at > GRACE


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token that is exchanged: its row, its text, and the scopes asked for with it."""

    token: RefreshToken
    text: str
    scopes: Sequence[str] = ()
    """Empty for those of the grant."""


def store(
    grant: Grant,
    access: str,
    seconds: int,
    *,
    refresh: str = "",
    used: Refresh | None = None,
    at: datetime | None = None,
) -> None:
    """Write the tokens of one answer, all or none. Raises `Refused` where the grant is over.

    `refresh` may be there already, where an exchange is answered once more.
    """
    at = at or timezone.now()
    with transaction.atomic():
        # Whoever exchanges tokens of one login does so one after the other.
        if not Grant.objects.select_for_update().filter(pk=grant.pk, revoked_at=None).exists():
            raise invalid("What was granted is over; have the person sign in again.")
        reused = used is not None and _use(used.token, at)
        if not reused:
            AccessToken.objects.create(
                digest=digest.of(access),
                grant=grant,
                scopes=(list(used.scopes) or None) if used else None,
                expires_at=at + timedelta(seconds=seconds),
            )
        if refresh and not reused:
            row = RefreshToken(digest=digest.of(refresh), grant=grant, created_at=at)
            RefreshToken.objects.bulk_create([row], ignore_conflicts=True)
    if reused:
        raise _revoked(grant)


def _use(token: RefreshToken, at: datetime) -> bool:
    """Use a refresh token up, and return whether it was used too long ago."""
    if RefreshToken.objects.filter(pk=token.pk, used_at=None).update(used_at=at):
        return False
    return is_reused(RefreshToken.objects.get(pk=token.pk).used_at, at)


def _revoked(grant: Grant) -> Refused:
    revoke(grant)
    return invalid("The refresh token was used already; all tokens of this login are revoked.")


def new_refresh(grant: Grant, used: Refresh | None = None) -> str:
    """Return a refresh token's text: `<grant>.<secret>`.

    One that follows another is derived from it with the service's key. So each exchange of the same
    token is answered with the same next one, which is nowhere stored, and a login has one chain of
    tokens: a thief and its owner hold the same token, and whoever comes second gives it away.
    """
    if used is None:
        return f"{grant.pk.hex}.{digest.new()}"
    text = used.text
    while True:
        mac = salted_hmac(_CHAIN, text, algorithm="sha256").digest()
        text = f"{grant.pk.hex}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
        # A retry that comes late is answered with the newest of the chain.
        if not RefreshToken.objects.filter(pk=digest.of(text)).exclude(used_at=None).exists():
            return text


def revoke(*grants: Grant) -> None:
    """End grants, and all that belongs to them, at once."""
    _end(Grant.objects.filter(pk__in=[grant.pk for grant in grants]))


def revoke_sessions(session_keys: Iterable[str]) -> None:
    """End all that came from these browser sessions."""
    hashed = [stored(key) for key in session_keys if key]
    _end(Grant.objects.filter(session__in=hashed))


def revoke_all_of(user_id: UUID) -> None:
    """End all that a person ever granted."""
    _end(Grant.objects.filter(user_id=user_id))


def _end(grants: Any) -> None:
    grants.filter(revoked_at=None).update(revoked_at=timezone.now())


def signed_out(request: HttpRequest | None = None, **_: Any) -> None:
    """End what came from a browser session, for it ends."""
    session = getattr(request, "session", None)
    if session is not None and session.session_key:
        revoke_sessions([session.session_key])


def password_changed(user: User, **_: Any) -> None:
    """End what a person ever granted: whoever knew the old password may have let an app in."""
    revoke_all_of(user.pk)


def new_session_token(grant: Grant) -> tuple[str, datetime]:
    """Return what opens a browser session for this grant's person once, and until when."""
    token, until = digest.new(), timezone.now() + SESSION_TOKEN_LIVES
    SessionToken.objects.create(digest=digest.of(token), grant=grant, expires_at=until)
    return token, until


def find_session_token(client: Client, text: str) -> Grant | None:
    """Return whose browser session this opens, without using it up; None where it is no good."""
    tokens = SessionToken.objects.select_related("grant__user")
    token = tokens.filter(pk=digest.of(text), grant__client=client).first()
    if token is None or token.expires_at <= timezone.now() or dead(token.grant):
        return None
    return token.grant


def redeem_session_token(client: Client, text: str) -> Grant | None:
    """Return whose browser session this opens, and use it up; None where it is no good."""
    with transaction.atomic():
        tokens = SessionToken.objects.select_for_update(of=("self",))
        token = tokens.select_related("grant__user").filter(pk=digest.of(text)).first()
        if token is None or token.grant.client_id != client.pk:
            return None
        token.delete()
    if token.expires_at <= timezone.now() or dead(token.grant):
        return None
    return token.grant


def invalid(said: str) -> Refused:
    """Return the refusal of a code or token."""
    return Refused("invalid_grant", said)


def forget_old(at: datetime) -> int:
    """Forget grants that are over, and tokens that have expired; return how many rows went."""
    kept = at - timedelta(days=1)
    gone = AccessToken.objects.filter(expires_at__lt=kept).delete()[0]
    gone += SessionToken.objects.filter(expires_at__lt=kept).delete()[0]
    gone += DeviceCode.objects.filter(expires_at__lt=kept).delete()[0]
    return gone + Grant.objects.filter(ends_at__lt=kept).delete()[0]
