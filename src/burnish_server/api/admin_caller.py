"""Who calls the addresses that Authgear's Admin API has: a program, by its API key."""

from django.http import HttpRequest
from django.utils import timezone

from burnish_server.api.auth import actor
from burnish_server.api_keys import store
from burnish_server.audit.log import Actor


def of(request: HttpRequest, scope: str) -> Actor | None:
    """Return who calls, if they may do what the scope names; None else."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    key = store.find(token.strip()) if kind.lower() == "bearer" else None
    if key is None or scope not in key.scopes:
        return None
    store.used(key, timezone.now())
    return actor(key)
