"""Codes of authenticator apps: each is good once (RFC 6238, 5.2), that which activates the app too.

allauth notes the codes of logins alone.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP

from burnish_server.identity.models import User


def use_up(user: User, code: str) -> bool:
    """Note that a right code was used; return whether it was the first time."""
    return bool(TOTP(Authenticator(user=user))._mark_code_used(code))


def install() -> None:
    """Have the form that activates an app use its code up, on its page and in the JSON API."""
    ActivateTOTPForm.clean_code = _once(ActivateTOTPForm.clean_code)


def _once(clean: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @wraps(clean)
    def checked(form: Any) -> Any:
        code = clean(form)
        if not use_up(form.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code

    return checked
