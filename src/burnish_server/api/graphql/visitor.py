"""Who asks: a program with a token it signed itself, or with an API key."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from burnish_server.admin_keys import store as admin_keys
from burnish_server.api import auth, rate
from burnish_server.api.graphql.errors import Refusal
from burnish_server.api.rate import Budget
from burnish_server.api_keys import store as api_keys
from burnish_server.api_keys.scope import SCOPES
from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry
from burnish_server.identity import circumstances
from burnish_server.identity.circumstances import Circumstances


@dataclass(frozen=True, slots=True)
class Visitor:
    """A program, what it may do, and how often it may still ask."""

    actor: Actor
    scopes: frozenset[str]
    budget: Budget
    audit_context: Mapping[str, Any] = field(default_factory=dict)

    def require(self, scope: str) -> None:
        """Raise a refusal where the program may not do this."""
        if scope not in self.scopes:
            message = f"This API key lacks the scope {scope}."
            raise Refusal("Forbidden", "InsufficientScope", message)


def of(authorization: str) -> Visitor | None:
    """Return who comes with this `Authorization` header; None where nobody knows them."""
    kind, _, secret = authorization.partition(" ")
    secret = secret.strip()
    if kind.lower() != "bearer" or not secret.isascii():
        return None
    if secret.startswith("bk_"):
        return _with_key(secret)
    bearer = admin_keys.find(secret, timezone.now())
    if bearer is None:
        return None
    actor = Actor(Entry.Door.API, f"admin key {bearer.key.name}", bearer.key.pk)
    budget = rate.take(bearer.key.pk)
    return Visitor(actor, frozenset(SCOPES), budget, bearer.audit_context)


def _with_key(secret: str) -> Visitor | None:
    key = api_keys.find(secret)
    if key is None:
        return None
    api_keys.used(key, timezone.now())
    return Visitor(auth.actor(key), frozenset(key.scopes), rate.take(key.pk))


def around(request: HttpRequest, visitor: Visitor) -> Circumstances:
    """Return the circumstances of a change, as events tell them.

    Languages are those of the query parameter `ui_locales`: a program's own mean nothing.
    """
    languages = tuple(request.GET.get("ui_locales", "").split())[:10]
    told = circumstances.of(request, "admin_api")
    return replace(told, languages=languages, audit_context=visitor.audit_context)
