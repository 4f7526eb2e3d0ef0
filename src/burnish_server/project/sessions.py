"""Browser sessions in Django's table, written with one statement at the end of a request.

The table names a session by a hash of its key, and its content is sealed: it has codes that were
sent, and secrets of apps that are being set up. Somebody who reads the table cannot use either.

Django's own store asks whether a new key is taken, which 165 random bits are not, writes an empty
row as soon as a session begins, and opens a transaction around each single statement: ten round
trips at a login, of which one is left.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, UpdateError
from django.utils import timezone
from django.utils.crypto import get_random_string

from burnish.errors import InvalidSettings
from burnish_server import prepared
from burnish_server.hooks import sealing
from burnish_server.identity.session_keys import stored

_LOAD = """
SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s
"""
_CREATE = """
INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, %s)
ON CONFLICT DO NOTHING RETURNING true
"""
_DELETE = "DELETE FROM django_session WHERE session_key = %s RETURNING true"
_UPDATE = """
UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s
RETURNING true
"""


class SessionStore(db.SessionStore):
    """A session; one that has just begun is in the table once it is saved."""

    _begun = False

    def load(self) -> dict[str, Any]:
        """Return what is in the table; a session that is not there has no key any more."""
        row = prepared.row(_LOAD, [stored(self.session_key), timezone.now()])
        if row is None:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(row[0])
        return data

    def create(self) -> None:
        """Begin a session under a key of its own."""
        self._session_key = get_random_string(32, VALID_KEY_CHARS)
        # Nothing of it is in the table; whoever reads it need not look there.
        self.__dict__.setdefault("_session_cache", {})
        self._begun = self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Write it. Raises `UpdateError` where somebody has ended it meanwhile."""
        if self.session_key is None:
            self.create()
        new = must_create or self._begun
        data = self.encode(self._session)  # type: ignore[attr-defined]
        key, expires = stored(self.session_key), self.get_expiry_date()
        if new and prepared.row(_CREATE, [key, data, expires]) is None:
            raise CreateError
        if not new and prepared.row(_UPDATE, [data, expires, key]) is None:
            raise UpdateError
        self._begun = False

    def delete(self, session_key: str | None = None) -> None:
        """End this session, or another, whether it is there or not."""
        if key := session_key or self.session_key:
            prepared.row(_DELETE, [stored(key)])

    def exists(self, session_key: str) -> bool:
        """Return whether there is a session of this key."""
        return super().exists(stored(session_key))

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Return the content sealed."""
        return sealing.seal(super().encode(session_dict))

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Return the content, also of a row that an older version wrote in the clear.

        A row sealed with a key that is gone is an empty session: its person signs in again.
        """
        try:
            return super().decode(sealing.unseal_if_sealed(str(session_data)))
        except InvalidSettings:
            return {}
