"""Hooks' secrets: set, granted, removed, sealed anew. Nothing here gives a value back."""

import re
from collections.abc import Iterable

from django.db import transaction

from burnish.errors import BurnishError
from burnish_server.hooks import sealing
from burnish_server.hooks.models import Hook, Secret, SigningKey

NAME = re.compile(r"[A-Z][A-Z0-9_]{0,59}")
LONGEST = 16 * 1024


class Unfit(BurnishError):
    """This is no name or no value of a secret."""

    code = "unfit_secret"


def put(name: str, value: str | None = None, hooks: Iterable[Hook] | None = None) -> Secret:
    """Set a secret's value, and which hooks may use it; what is None stays as it is.

    Raises `Unfit`.
    """
    if not NAME.fullmatch(name):
        raise Unfit("Write the name in capitals, digits and underscores, such as VENDOR_KEY.")
    if value is not None and not 0 < len(value) <= LONGEST:
        raise Unfit("A secret's value has from 1 to 16384 characters.")
    with transaction.atomic():
        secret = Secret.objects.filter(name=name).first()
        if secret is None:
            if value is None:
                raise Unfit(f"There is no secret {name}; give it a value.")
            secret = Secret(name=name)
        if value is not None:
            secret.sealed = sealing.seal(value)
        secret.save()
        if hooks is not None:
            secret.hooks.set(hooks)
    return secret


def users_of(name: str) -> list[str]:
    """Return the hooks whose script names a secret."""
    called = re.compile(rf"\b{re.escape(name)}\b")
    return [hook.name for hook in Hook.objects.exclude(script="") if called.search(hook.script)]


def reseal() -> int:
    """Seal everything anew with the first of the keys; return how many values that were."""
    count = 0
    with transaction.atomic():
        for kind in (Secret, SigningKey):
            for pk, sealed in kind.objects.select_for_update().values_list("pk", "sealed"):
                count += kind.objects.filter(pk=pk).update(sealed=sealing.reseal(sealed))
    return count
