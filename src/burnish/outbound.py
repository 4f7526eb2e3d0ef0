"""The one policy about calling outside: what may be reached, and what is sent elsewhere."""

import os
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from burnish.errors import InvalidSettings

DEFAULT_PORTS = {"http": 80, "https": 443}

# Everything in IANA's special-purpose registry that is not globally reachable, and multicast.
# https://www.iana.org/assignments/iana-ipv4-special-registry/
REFUSED_IPV4 = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
)

_REFUSED_IPV4 = tuple(ip_network(network) for network in REFUSED_IPV4)

# Of the IPv6 space only global unicast (2000::/3) and the well-known prefix of NAT64 lead anywhere;
# within it, these are documentation and protocol assignments.
# https://www.iana.org/assignments/iana-ipv6-special-registry/
_UNICAST = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")
_REFUSED_IPV6 = tuple(
    ip_network(network) for network in ("2001::/23", "2001:db8::/32", "3fff::/20")
)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address can be anybody's on the public internet.

    IPv6 addresses that stand for an IPv4 address, as IPv4-mapped ones, 6to4 and NAT64 (RFC 6052),
    are as public as that. IPv4-compatible, IPv4-translated and site-local addresses, Teredo and
    local NAT64 prefixes (RFC 8215) are not public.
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in one for one in _REFUSED_IPV4)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address.sixtofour is not None:
        return is_public(address.sixtofour)
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _UNICAST and not any(address in one for one in _REFUSED_IPV6)


class Outbound(BaseModel):
    """Which private addresses may be called after all, and which origins are sent elsewhere.

    `allow_private` lists "host:port" pairs ("10.0.0.5:8080", "[fd00::5]:80", "crm.example:443");
    the single entry "*" allows every private address. `rewrites` maps an origin
    ("https://api.vendor.example") to the one that is called in its place.
    """

    model_config = ConfigDict(frozen=True)

    allow_private: tuple[str, ...] = ()
    rewrites: dict[str, str] = {}

    @field_validator("allow_private")
    @classmethod
    def _pairs(cls, pairs: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(pair if pair == "*" else host_and_port(pair) for pair in pairs)

    @field_validator("rewrites")
    @classmethod
    def _origins(cls, rewrites: dict[str, str]) -> dict[str, str]:
        return {origin(source): origin(target) for source, target in rewrites.items()}

    @classmethod
    def parse(cls, allow_private: str = "", rewrites: str = "") -> Self:
        """Read the comma-separated forms of the environment.

        `allow_private` is "host:port,host:port" and `rewrites` is "origin=origin,origin=origin".
        Raises `InvalidSettings` with the entry that cannot be read.
        """
        mapped = {}
        for entry in entries(rewrites):
            source, equals, target = entry.partition("=")
            if not equals:
                raise InvalidSettings(
                    f"The rewrite {entry!r} needs two origins with = between them, "
                    "such as https://api.vendor.example=http://127.0.0.1:9111."
                )
            mapped[source.strip()] = target.strip()
        try:
            return cls(allow_private=tuple(entries(allow_private)), rewrites=mapped)
        except ValidationError as error:
            said = "; ".join(str(fault["msg"]) for fault in error.errors())
            raise InvalidSettings(said.replace("Value error, ", "")) from error

    @classmethod
    def of_environment(cls) -> Self:
        """Return the policy of `BURNISH_OUTBOUND_ALLOW_PRIVATE` and `BURNISH_OUTBOUND_REWRITES`."""
        return cls.parse(
            os.environ.get("BURNISH_OUTBOUND_ALLOW_PRIVATE", ""),
            os.environ.get("BURNISH_OUTBOUND_REWRITES", ""),
        )

    @property
    def allows_all_private(self) -> bool:
        """Whether every private address may be called."""
        return "*" in self.allow_private

    def hosted_origins(self) -> list[str]:
        """Return the origins that scripts reach only through Burnish itself."""
        pairs = [pair for pair in self.allow_private if pair != "*"]
        origins = [origin(f"{scheme}://{pair}") for pair in pairs for scheme in DEFAULT_PORTS]
        return [*self.rewrites, *origins]

    def target(self, url: str) -> str | None:
        """Return the address to call for `url`, or None when it is not ours to call."""
        try:
            asked = origin(url)
        except ValueError:
            return None
        if asked in self.rewrites:
            return self.rewrites[asked] + without_origin(url)
        # Whoever reads the answer may read URLs otherwise: what was judged is what is called.
        return asked + without_origin(url) if asked in self.hosted_origins() else None

    def shown(self, url: str, location: str) -> str:
        """Return a redirect's `location` in the words of the caller, who asked for `url`.

        A stand-in that redirects to an address of its own would else name an origin that the
        caller never heard of and may not call.
        """
        asked = origin(url)
        target = self.rewrites.get(asked)
        if target and location.startswith(f"{target}/"):
            return asked + location[len(target) :]
        return location


def entries(text: str) -> list[str]:
    """Split at commas, leaving out empty entries and spaces around them."""
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def origin(url: str) -> str:
    """Return the origin as browsers write it: lower case, without the scheme's own port."""
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    try:
        port = parts.port
    except ValueError:
        port = -1
    if scheme not in DEFAULT_PORTS or not host or port == -1:
        raise ValueError(f"{url!r} is not an origin such as https://api.vendor.example.")
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" + ("" if port in (None, DEFAULT_PORTS[scheme]) else f":{port}")


def without_origin(url: str) -> str:
    """Return path and query, from the first slash on."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def host_and_port(pair: str) -> str:
    """Return `pair` in lower case when it reads host:port; raise ValueError otherwise."""
    try:
        parts = urlsplit(f"//{pair}")
        plain = parts.netloc == pair and "@" not in pair and bool(parts.hostname)
        if plain and parts.port:
            host = (parts.hostname or "").lower()
            return f"[{IPv6Address(host).compressed}]:{parts.port}" if ":" in host else pair.lower()
    except ValueError:
        pass
    raise ValueError(f"{pair!r} is not host:port, such as 10.0.0.5:8080.")
