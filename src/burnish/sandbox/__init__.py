"""Stand-in vendors on this machine, for tests and for trying things out without keys.

They speak the vendors' own wire contracts and their answers are made up, but stable.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web

from burnish.enrichment import outside
from burnish.sandbox import (
    abstract,
    apollo,
    clearbit,
    crm,
    faults,
    fullcontact,
    gravatar,
    hunter,
    ipgeolocation,
    ipinfo,
    maxmind,
    people_data_labs,
    sign_in,
    turnstile,
)
from burnish.sandbox.vendor import Vendor

__all__ = ["VENDORS", "Vendor", "serve", "vendors"]

VENDORS: tuple[Vendor, ...] = (
    *abstract.VENDORS,
    apollo.VENDOR,
    clearbit.VENDOR,
    crm.VENDOR,
    fullcontact.VENDOR,
    gravatar.VENDOR,
    hunter.VENDOR,
    ipgeolocation.VENDOR,
    ipinfo.VENDOR,
    maxmind.VENDOR,
    maxmind.GEOLITE,
    people_data_labs.VENDOR,
    sign_in.VENDOR,
    turnstile.VENDOR,
)


def vendors() -> tuple[Vendor, ...]:
    """Return every stand-in there is, those of other packages first.

    These are found by the entry point group `burnish.sandbox`.
    """
    loaded = [one for _, one in outside.load("burnish.sandbox") if isinstance(one, Vendor)]
    return (*loaded, *VENDORS)


@asynccontextmanager
async def serve(chosen: tuple[Vendor, ...] | None = None) -> AsyncIterator[dict[str, str]]:
    """Start each vendor on a free loopback port and yield the rewrites: origin to origin.

    All there are, if none are chosen. The vendors answer until the context ends; callers that still
    wait are then cut off.
    """
    async with AsyncExitStack() as stack:
        rewrites: dict[str, str] = {}
        for vendor in vendors() if chosen is None else chosen:
            here = await stack.enter_async_context(_listening(vendor))
            rewrites |= dict.fromkeys(vendor.origins, here)
        yield rewrites


@asynccontextmanager
async def _listening(vendor: Vendor) -> AsyncIterator[str]:
    """Serve one vendor and yield the origin it listens at."""
    # Cancellation lets a hanging answer end with its caller instead of at the end of the service.
    runner = web.AppRunner(
        faults.app(vendor), access_log=None, handler_cancellation=True, shutdown_timeout=0.1
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
