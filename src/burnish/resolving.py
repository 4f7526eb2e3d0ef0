"""Which addresses may be connected to: judged where names are resolved, so that none slips by."""

import ipaddress
import socket
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from burnish.outbound import DEFAULT_PORTS, Outbound


class Refused(OSError):
    """An address is private, and nobody said that it may be called; the message says how to."""


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
                _require_global(one["host"], host, port)
        return found

    async def close(self) -> None:
        """Release what the resolver holds."""
        await self._resolver.close()


def require_public(url: str, outbound: Outbound) -> None:
    """Raise `Refused` where an address is written out and private: no name is resolved then."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return
    if not _excepted(host, port, outbound):
        _require_global(host, host, port)


def _excepted(host: str, port: int, outbound: Outbound) -> bool:
    name = f"[{host}]" if ":" in host else host
    return outbound.allows_all_private or f"{name.lower()}:{port}" in (
        *outbound.allow_private,
        *(urlsplit(target).netloc for target in outbound.rewrites.values()),
    )


def _require_global(address: str, host: str, port: int) -> None:
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if not ip.is_global or ip.is_multicast or (inner is not None and not inner.is_global):
        name = f"[{host}]" if ":" in host else host
        raise Refused(
            f"{host} is a private address, which is not called unless the setting "
            f"outbound.allow_private has {name}:{port}"
        )
