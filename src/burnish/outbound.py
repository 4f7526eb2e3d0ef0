"""The one policy about calling outside: what a script may reach, and what is sent elsewhere."""

import os
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
        return url if asked in self.hosted_origins() else None

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
            return pair.lower()
    except ValueError:
        pass
    raise ValueError(f"{pair!r} is not host:port, such as 10.0.0.5:8080.")
