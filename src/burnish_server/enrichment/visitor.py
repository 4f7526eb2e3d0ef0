"""Where a visitor is taken to be."""

from django.conf import settings

SANDBOX_ADDRESS = "203.0.113.1"
"""Where a visitor of this machine is taken to be while stand-ins answer for the vendors."""


def address(ip: str) -> str:
    """Return the address to ask with for a visitor's."""
    here = settings.BURNISH.sandbox and ip in ("127.0.0.1", "::1")
    return SANDBOX_ADDRESS if here else ip
