"""The keys webhooks are signed with: one, or two while a new one takes the old one's place."""

from burnish.errors import BurnishError
from burnish.hooks import signature
from burnish_server.hooks import sealing
from burnish_server.hooks.models import SigningKey

MOST = 2


class Unfit(BurnishError):
    """This cannot be done with the signing keys there are."""

    code = "unfit_signing_key"


def ensure() -> None:
    """Make the first key where there is none."""
    if not SigningKey.objects.exists():
        add()


def reveal() -> list[str]:
    """Return the live secrets, the oldest first: receivers need them. Doors log who asked."""
    return [sealing.unseal(key.sealed) for key in SigningKey.objects.all()]


def add(secret: str = "") -> str:
    """Add a live key and return its secret.

    `secret` brings one that receivers have already; of `whsec_...` the decoded key signs. Raises
    `Unfit` where it is none, and with two live ones.
    """
    if SigningKey.objects.count() >= MOST:
        raise Unfit(
            "There are two live keys already; retire the older one first, once every receiver "
            "knows the newer."
        )
    if secret and (not secret.isascii() or not secret.isprintable() or len(secret) < 16):
        raise Unfit("A secret has 16 or more printable ASCII characters; use another.")
    try:
        signature.key_of(secret or "none given")
    except signature.UnusableSecret as error:
        raise Unfit(f"{error} Copy the secret anew.") from None
    made = secret or signature.new_secret()
    SigningKey.objects.create(sealed=sealing.seal(made))
    return made


def retire() -> None:
    """Remove the older of two live keys. Raises `Unfit` where there is only one."""
    keys = list(SigningKey.objects.all())
    if len(keys) < MOST:
        raise Unfit("There is only one live key; add another before you retire it.")
    keys[0].delete()
