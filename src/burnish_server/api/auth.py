"""Who asks: a program, by its key, or a person, by their session."""

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer, SessionAuth

from burnish_server.api import call as calls
from burnish_server.api import idempotency, rate
from burnish_server.api.call import Call
from burnish_server.api.problems import Problem, unauthorized
from burnish_server.api_keys import store
from burnish_server.api_keys.models import ApiKey
from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry
from burnish_server.identity.models import User
from burnish_server.identity.oidc import sessions


class Key(HttpBearer):
    """An API key that has these scopes: `Authorization: Bearer bk_...`."""

    openapi_bearerFormat = "bk_PREFIX_SECRET"
    openapi_description = "An API key; `burnish api-keys create` makes one."

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self.scopes = scopes

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        """Return the key. Raises a problem: it is unknown, asks too often, or may not do this."""
        key = store.find(token.strip())
        if key is None:
            raise unauthorized("This API key is not known here, or was revoked.")
        call = Call(key, rate.take(key.pk))
        calls.begin(request, call)
        if call.budget.spent:
            wait = str(call.budget.resets)
            sentence = f"This API key asks too often; wait {wait} seconds."
            raise Problem(429, "too_many_requests", sentence, Retry_After=wait)
        if lacking := [scope for scope in self.scopes if scope not in key.scopes]:
            raise Problem(403, "insufficient_scope", f"This API key lacks the scope {lacking[0]}.")
        store.used(key, timezone.now())
        idempotency.begin(request, call)
        return key


def actor(key: ApiKey) -> Actor:
    """Return a key as the audit log names it."""
    return Actor(Entry.Door.API, key.name, key.pk)


class SignedIn(SessionAuth):
    """A person, by their session; what changes something needs Django's CSRF token."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User:
        """Return who is signed in. Raises a problem where nobody is."""
        if not isinstance(request.user, User):
            raise Problem(401, "unauthorized", "Nobody is signed in here.")
        return request.user


class AccessToken(HttpBearer):
    """A person, by the access token of an app of the house."""

    openapi_bearerFormat = "access token"

    def authenticate(self, request: HttpRequest, token: str) -> User:
        """Return whose token it is. Raises a problem: it is no good, or not made for this."""
        grant = sessions.find(token.strip())
        if grant is None or grant.user is None:
            raise unauthorized("This access token is not known here, or has expired.")
        if grant.client.kind.third_party:
            sentence = "Only apps of the house speak for their people here."
            raise Problem(403, "insufficient_scope", sentence)
        user: User = grant.user
        return user


IN_PERSON = (AccessToken(), SignedIn())
"""A person: by the token an app holds for them, or by their browser's session."""
