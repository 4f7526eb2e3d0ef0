"""Tries at passwords, counted in one place for every interface that checks one.

Three counters, five tries in five minutes each: one for a known browser (see `known_browsers`),
one for all sessions of somebody who is signed in and proves a password again, and one for all
strangers who name an account. Strangers cannot use up the other two. A known browser that has
used up its own is a stranger. Only wrong passwords count.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.headless.account.inputs import ChangePasswordInput
from django.http import HttpRequest

from burnish_server.identity import audited, known_browsers
from burnish_server.identity.limits import Taken
from burnish_server.identity.login_id import name
from burnish_server.identity.lookup import find
from burnish_server.identity.models import User

OWN = {"password": "5/5m/key"}
"""The limit of a known browser, and of all sessions of one user together."""


@dataclass(frozen=True, slots=True)
class _Counter:
    key: str
    own: bool = True

    def take(self, request: HttpRequest) -> Taken | None:
        """Count one try; return None where it is one too many."""
        about: dict[str, Any] = {"app": "allauth.account", "key": self.key}
        if self.own:
            taken = ratelimit.consume(request, action="password", config=OWN, **about)
        else:
            taken = ratelimit.consume(request, action="login_failed", **about)
        return taken


def strangers_key(text: str) -> str:
    """Return the key of the strangers' counter for what somebody signs in with.

    Names that read alike are one account's, and so one key's. The host name of the request is no
    part of it: a client chooses that freely.
    """
    return f"login:{name(text)}"


def take(request: HttpRequest, text: str, weight: int = 1) -> list[Taken] | None:
    """Count a try at the password of whoever signs in with `text`; None: it is one too many.

    `weight` is how many tries it counts for. Give back what is returned if the password is right.
    """
    for counter in _counters(request, text):
        taken: list[Taken] = []
        for _ in range(weight):
            one = counter.take(request)
            if one is None:
                break
            taken.append(one)
        else:
            return taken
    return None


def give_back(taken: Iterable[Taken]) -> None:
    """Count these tries no more: the password was right."""
    for one in taken:
        one.rollback()


def is_right(request: HttpRequest, user: User, password: str) -> bool:
    """Return whether a password of somebody who is signed in is right.

    Raises `ValidationError` where wrong ones were tried too often.
    """
    taken = _Counter(_session(user)).take(request)
    if taken is None:
        audited.limited(request, str(user.pk))
        raise get_adapter().validation_error("too_many_login_attempts")
    if not user.check_password(password):
        audited.failed(request, str(user.pk))
        return False
    taken.rollback()
    return True


def install() -> None:
    """Have allauth's forms for a new password count here, on its pages and in its JSON API."""
    ChangePasswordForm.clean_oldpassword = _counted("oldpassword")(
        ChangePasswordForm.clean_oldpassword
    )
    ChangePasswordInput.clean_current_password = _counted("current_password")(
        ChangePasswordInput.clean_current_password
    )


def _counted(field: str) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    def wrapped(clean: Callable[[Any], Any]) -> Callable[[Any], Any]:
        @wraps(clean)
        def checked(form: Any) -> Any:
            password = form.cleaned_data.get(field, "")
            if password and not is_right(context.request, form.user, password):
                raise get_adapter().validation_error("enter_current_password")
            return password

        return checked

    return wrapped


def _counters(request: HttpRequest, text: str) -> Iterator[_Counter]:
    signed_in = request.user.is_authenticated
    if signed_in or known_browsers.has_any(request):
        user = find(text)
        if user is not None and user == request.user:
            yield _Counter(_session(user))
            return
        if user is not None and (browser := known_browsers.counter(request, user)):
            yield _Counter(f"browser:{browser}")
    yield _Counter(strangers_key(text), own=False)


def _session(user: User) -> str:
    return f"session:{user.pk}"
