"""Which addresses may be connected to: judged where names are resolved, so that none slips by."""

import contextlib
import ipaddress
import socket
from urllib.parse import urlsplit

import yarl
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from burnish.outbound import DEFAULT_PORTS, Outbound, is_public


class Refused(OSError):
    """An address may not be called; the message says why, and what would help."""


class PublicResolver(AbstractResolver):
    """Resolves names, and refuses those that lead to a private address.

    What is returned is what is connected to: a name cannot change its mind in between.
    """

    def __init__(self, outbound: Outbound) -> None:
        """Keep the policy, which may except some."""
        self._outbound = outbound
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a host. Raises `Refused` where one of them is private."""
        found = await self._resolver.resolve(host, port, family)
        if not _excepted(host, port, self._outbound):
            for one in found:
                _require_public(one["host"], host, port)
        return found

    async def close(self) -> None:
        """Release what the resolver holds."""
        await self._resolver.close()


def destination(url: str, outbound: Outbound, *, encoded: bool = False) -> yarl.URL:
    """Return what to connect to for a URL, as the HTTP client has to be given it.

    A rewritten origin is replaced. An address that is written out is judged here, for no name is
    resolved then; whatever the client would read as another host than the one judged is refused.

    Args:
        url: An absolute address, `http` or `https`.
        outbound: The policy.
        encoded: Whether path and query are percent-encoded already.

    Raises:
        Refused: The host is a private address, or is not written in ASCII.
        ValueError: This is no such address.
    """
    if (target := outbound.target(url)) is not None:
        return yarl.URL(target, encoded=encoded)
    made, written = yarl.URL(url, encoded=encoded), yarl.URL(url, encoded=True)
    host = made.raw_host or ""
    if made.scheme not in DEFAULT_PORTS or not host:
        raise ValueError("it is no address such as https://api.vendor.example/")
    if not (written.raw_host or "").isascii():
        ascii_form = f", as {host}" if "xn--" in host else ""
        raise Refused(f"the host must be written in ASCII letters{ascii_form}")
    port = made.port or DEFAULT_PORTS[made.scheme]
    if not _excepted(host, port, outbound):
        # A name is no address, and is judged when it is resolved.
        with contextlib.suppress(ValueError):
            _require_public(host, host, port)
    return made


def _excepted(host: str, port: int, outbound: Outbound) -> bool:
    name = f"[{host}]" if ":" in host else host
    return outbound.allows_all_private or f"{name.lower()}:{port}" in (
        *outbound.allow_private,
        *(_netloc(target) for target in outbound.rewrites.values()),
    )


def _netloc(origin: str) -> str:
    parts = urlsplit(origin)
    return parts.netloc if parts.port else f"{parts.netloc}:{DEFAULT_PORTS[parts.scheme]}"


def _require_public(address: str, host: str, port: int) -> None:
    if not is_public(ipaddress.ip_address(address.partition("%")[0])):
        name = f"[{host}]" if ":" in host else host
        raise Refused(
            f"{host} is a private address, which is not called unless the setting "
            f"outbound.allow_private has {name}:{port} (at the command line: "
            "BURNISH_OUTBOUND_ALLOW_PRIVATE)"
        )
