"""Making tokens: their claims, what hooks add to them, and the answer apps get.

The hooks are asked after everything before was committed, and nothing is held meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest
from django.utils import timezone

from burnish.events.oidc import OIDCIDTokenPreCreate, OIDCJWTPreCreate, TokenPreCreate
from burnish.hooks.outcome import Denied, Failed
from burnish.oauth import scopes
from burnish_server.hooks import store as hooks
from burnish_server.hooks.ask import ask
from burnish_server.identity import circumstances, entities
from burnish_server.identity.models import User
from burnish_server.identity.oidc import addresses, claims, digest, grants, signed
from burnish_server.identity.oidc.bearer import bearer
from burnish_server.identity.oidc.claims import Person
from burnish_server.identity.oidc.grants import Refresh
from burnish_server.identity.oidc.models import Client, Grant
from burnish_server.identity.oidc.refusal import Refused
from burnish_server.profiles import store as profiles

ID_TOKEN_SECONDS = 300
SEEN_BY_HOOKS = frozenset({"login_id", "oauth", "ldap"})


@dataclass(frozen=True, slots=True)
class Issue:
    """Tokens on their way: to which client, of which grant, asked for in which request."""

    request: HttpRequest
    client: Client
    grant: Grant
    at: datetime
    scopes: Sequence[str]
    """Those of the access token: of the grant, or fewer."""

    @property
    def issuer(self) -> str:
        """Who issues them."""
        return addresses.issuer(self.request)

    @property
    def user(self) -> User | None:
        """Whom they are about; nobody, where a program acts for itself."""
        user: User | None = self.grant.user
        return user


def issue(
    request: HttpRequest,
    client: Client,
    grant: Grant,
    *,
    nonce: str = "",
    used: Refresh | None = None,
) -> dict[str, Any]:
    """Issue an access token and what goes with it; return the answer (RFC 6749, 5.1).

    `used` is the refresh token that is exchanged for a new one. Raises `Refused`.
    """
    wanted = (used.scopes if used else ()) or grant.scopes
    now = Issue(request, client, grant, timezone.now(), wanted)
    who = claims.of(now.user) if now.user else None
    seconds = client.access_token_lifetime_seconds
    answer: dict[str, Any] = {"token_type": "Bearer", "expires_in": seconds}
    answer["scope"] = " ".join(wanted)
    if who and scopes.OPENID in wanted:
        answer["id_token"] = signed.write(_id_token(now, who, nonce), "JWT")
    if client.issue_jwt_access_token:
        answer["access_token"] = signed.write(_access_token(now, who, seconds), "at+jwt")
    else:
        answer["access_token"] = digest.new()
    offline = who is not None and scopes.OFFLINE in grant.scopes
    refresh = grants.new_refresh(grant, used) if offline else ""
    if refresh:
        answer["refresh_token"] = refresh
    grants.store(grant, answer["access_token"], seconds, refresh=refresh, used=used)
    return answer


def session_id(grant: Grant) -> str:
    """Return the `sid` of a grant's tokens."""
    return grant.session[:32] or grant.pk.hex


def _id_token(now: Issue, who: Person, nonce: str) -> dict[str, Any]:
    payload = {
        **_common(now, ID_TOKEN_SECONDS),
        "aud": [now.client.pk],
        "sid": session_id(now.grant),
        "sub": who.sub,
        **claims.about(who),
        **_attributes(now, who),
    }
    if nonce:
        payload["nonce"] = nonce
    return _with_hooks(now, OIDCIDTokenPreCreate, payload)


def _access_token(now: Issue, who: Person | None, seconds: int) -> dict[str, Any]:
    payload = {
        **_common(now, seconds),
        "aud": [now.issuer],
        "client_id": now.client.pk,
        "scope": " ".join(now.scopes),
        "jti": uuid4().hex,
        "sub": who.sub if who else now.client.pk,
    }
    if who is None:
        del payload["auth_time"]
        return payload
    payload |= {**claims.about(who), **_attributes(now, who)}
    return _with_hooks(now, OIDCJWTPreCreate, payload)


def _common(now: Issue, seconds: int) -> dict[str, Any]:
    issued = int(now.at.timestamp())
    common: dict[str, Any] = {"iss": now.issuer, "iat": issued, "exp": issued + seconds}
    common["auth_time"] = int(now.grant.auth_time.timestamp())
    if now.grant.amr:
        common["amr"] = list(now.grant.amr)
    return common


def _attributes(now: Issue, who: Person) -> dict[str, Any]:
    if not now.client.kind.profile_in_tokens:
        return {}
    return claims.standard(who, bearer(), scopes.attributes(now.scopes))


def _with_hooks(now: Issue, event: type[TokenPreCreate], payload: dict[str, Any]) -> dict[str, Any]:
    """Return a token's claims with those hooks added. Raises `Refused`."""
    user = now.user
    if user is None or not hooks.listening(event.type):
        return payload
    shown = tuple(one for one in entities.identities(user) if one.type in SEEN_BY_HOOKS)
    context = circumstances.of(now.request, triggered_by="user").context(str(user.pk), now.at)
    grant = now.grant
    context = replace(context, client_id=now.client.pk, state=grant.state, x_state=grant.x_state)
    about = event(entities.present(user), shown, payload)
    outcome = ask(about, context, profiles.schema())
    if isinstance(outcome, Denied) and event is OIDCJWTPreCreate:
        raise Refused("server_error", "access token generation is disallowed by hook")
    if isinstance(outcome, Denied | Failed):
        raise Refused("server_error", "internal server error", 500)
    return dict(outcome.claims or payload)
