"""What the database keeps sealed, all rooms together: sealed anew, and whether it can be opened.

Imported only once Django is set up.
"""

from collections.abc import Iterator

from django.db import transaction

from burnish.errors import BurnishError, InvalidSettings
from burnish_server.enrichment import resealing
from burnish_server.enrichment.models import Provider
from burnish_server.exports.models import Chunk
from burnish_server.hooks import models as hooks
from burnish_server.hooks import sealing, secrets
from burnish_server.identity import factor_secrets
from burnish_server.identity.oidc import models as oidc
from burnish_server.imports.models import Batch
from burnish_server.social import store as social
from burnish_server.social.models import SocialProvider


class SealedElsewhere(BurnishError):
    """What is sealed in the database cannot be opened; set BURNISH_SECRET_KEY as elsewhere."""

    code = "sealed_elsewhere"


def reseal() -> int:
    """Seal everything anew with the first of the keys; return how many values that were.

    Raises `InvalidSettings` where one cannot be opened.
    """
    count = secrets.reseal() + resealing.reseal() + social.reseal() + factor_secrets.reseal()
    with transaction.atomic():
        for key in oidc.SigningKey.objects.select_for_update():
            key.sealed = sealing.reseal(key.sealed)
            key.save(update_fields=["sealed"])
            count += 1
    for kind in (Chunk, Batch):
        for pk in list(kind.objects.values_list("pk", flat=True)):
            with transaction.atomic():
                for row in kind.objects.select_for_update().filter(pk=pk):
                    row.sealed = sealing.seal_bytes(sealing.unseal_bytes(bytes(row.sealed)))
                    row.save(update_fields=["sealed"])
                    count += 1
    return count


def require_open() -> None:
    """Raise `SealedElsewhere` where a key that signs, or all of the rest, cannot be opened.

    A single secret whose key was lost for good is told where it is used, and can be set anew.
    """
    signing = [*oidc.SigningKey.objects.values_list("sealed", flat=True)]
    signing += hooks.SigningKey.objects.values_list("sealed", flat=True)
    rest = list(_rest())
    if not all(map(_opens, signing)) or (rest and not any(map(_opens, rest))):
        raise SealedElsewhere(
            "What this database keeps sealed cannot be opened with the keys of this machine; set "
            "BURNISH_SECRET_KEY, and BURNISH_HOOKS_SECRET_KEYS where it is used, as on the machine "
            "that sealed it, or copy that machine's file sealing-key into the data folder."
        )


def _rest() -> Iterator[str]:
    yield from hooks.Secret.objects.values_list("sealed", flat=True)
    yield from SocialProvider.objects.values_list("sealed", flat=True)
    for sealed in Provider.objects.values_list("sealed", flat=True):
        yield from sealed.values()


def _opens(sealed: str) -> bool:
    try:
        sealing.unseal(sealed)
    except InvalidSettings:
        return False
    return True
