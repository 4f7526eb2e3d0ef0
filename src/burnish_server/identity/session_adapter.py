"""Where allauth asks us about browser sessions."""

from collections.abc import Iterable

from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession

from burnish_server.identity.oidc import grants
from burnish_server.identity.session_keys import StoredKey


class SessionAdapter(DefaultUserSessionsAdapter):
    """allauth's ways; what apps were granted from a session ends with it."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """Sign somebody out elsewhere, of the apps they came to from there too."""
        ended = list(sessions)
        super().end_sessions(ended)
        grants.revoke_sessions(StoredKey(session.session_key) for session in ended)
