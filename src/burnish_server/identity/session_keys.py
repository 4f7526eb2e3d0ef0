"""Session keys at rest: the tables hold hashes, only the browser holds the key.

`django_session` and `usersessions_usersession` name a session by its stored key. Somebody who
reads them cannot send what they read as a cookie or as `X-Session-Token`.
"""

import hashlib
from importlib import import_module
from typing import Any

from allauth.core import context
from allauth.usersessions.models import UserSession
from django.conf import settings

LENGTH = 40
"""Hexadecimal digits of a stored key: what the column of Django's table holds, 160 bits."""


class StoredKey(str):
    """A key as the tables have it. Only code that read it there makes one, never a request."""

    __slots__ = ()


def stored(key: str | None) -> StoredKey:
    """Return the stored key of a session key: the first 160 bits of its SHA-256, as hexadecimal.

    A key has 165 random bits, so a plain hash cannot be inverted by trying.
    """
    if isinstance(key, StoredKey):
        return key
    hashed = hashlib.sha256(f"session/{key}".encode(errors="surrogatepass")).hexdigest()
    return StoredKey(hashed[:LENGTH])


def install(created: Any) -> None:
    """Have allauth's `UserSession` hold stored keys; it has no setting for that.

    `created` takes a request and writes the row of its session.
    """
    UserSession.objects.create_from_request = created
    UserSession._session_store = _store
    UserSession.exists = _exists
    UserSession.is_current = _is_current
    UserSession.end = _end


def _store(row: UserSession, *key: str) -> Any:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    return store(*(StoredKey(one) for one in key))


def _exists(row: UserSession) -> bool:
    return bool(_store(row).exists(StoredKey(row.session_key)))


def _is_current(row: UserSession) -> bool:
    return bool(row.session_key == stored(context.request.session.session_key))


def _end(row: UserSession) -> None:
    _store(row).delete(StoredKey(row.session_key))
    row.delete()
