"""Logins that wait for a further step: they end where the account changed meanwhile.

A login waits in the session, for a code or an answer, for up to fifteen minutes. It goes on only
while the account has the password it had, and is open.
"""

from functools import wraps
from typing import Any

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.models import Login
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from burnish_server.identity.models import User

_SALT = "burnish_server.identity.pending_logins"
_STAMP = "stamp"


def install() -> None:
    """Have allauth's `Login` carry a stamp of the account, and be nobody's once that differs."""
    serialize, deserialize = Login.serialize, Login.deserialize

    @wraps(serialize)
    def stamped(login: Login) -> Any:
        # Whoever has just signed up is known as they are stored.
        known = login.user.password if login.signup and login.user else None
        return {**serialize(login), _STAMP: _stamp(login.user, known)}

    @wraps(deserialize)
    def checked(data: dict[str, Any]) -> Login:
        login = deserialize(data)
        if data["user_pk"] is not None and not _holds(login.user, data.get(_STAMP)):
            raise ValueError("the account changed since")
        return login

    Login.serialize = stamped
    Login.deserialize = staticmethod(checked)


def restamp(request: HttpRequest) -> None:
    """Let this session's pending login go on: it is what changed the account."""
    data = request.session.get(LOGIN_SESSION_KEY)
    if isinstance(data, dict) and data.get("user_pk") is not None:
        login = Login.deserialize.__wrapped__(data)
        request.session[LOGIN_SESSION_KEY] = {**data, _STAMP: _stamp(login.user)}


def _stamp(user: Any, password: str | None = None) -> str | None:
    if user is None or user.pk is None:
        return None
    if password is None:
        # Another copy of the row may have been changed in this very request.
        password = User.objects.filter(pk=user.pk).values_list("password", flat=True).first()
    return salted_hmac(_SALT, f"{user.pk} {password}", algorithm="sha256").hexdigest()


def _holds(user: User | None, stamp: Any) -> bool:
    is_open = user is not None and user.is_active and user.anonymized_at is None
    return is_open and constant_time_compare(str(stamp), str(_stamp(user)))
