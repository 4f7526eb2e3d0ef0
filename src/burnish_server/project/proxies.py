"""Who really asks: the visitor's address behind proxies one trusts."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from burnish_server.project.options import Network

Address = IPv4Address | IPv6Address
_LONGEST = 100
FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)


class TrustedProxies:
    """Believe X-Forwarded headers of trusted peers, and remove everyone else's.

    The visitor is the right-most address of X-Forwarded-For that is not itself a trusted proxy:
    whatever a visitor writes into the header stands further left, so nobody can forge it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Rewrite the request's address, scheme and host, then go on."""
        trusted: Sequence[Network] = settings.BURNISH.web.trusted_proxies
        meta = request.META
        peer = parse(meta.get("REMOTE_ADDR", ""))
        forwarded = {name: meta.pop(name, "") for name in FORWARDED}
        if peer and within(peer, trusted):
            visitor = visitor_of(peer, forwarded["HTTP_X_FORWARDED_FOR"], trusted)
            meta["REMOTE_ADDR"] = str(visitor)
            if forwarded["HTTP_X_FORWARDED_PROTO"] in {"http", "https"}:
                meta["wsgi.url_scheme"] = forwarded["HTTP_X_FORWARDED_PROTO"]
            if forwarded["HTTP_X_FORWARDED_HOST"]:
                meta["HTTP_HOST"] = forwarded["HTTP_X_FORWARDED_HOST"]
        return self.get_response(request)


def visitor_of(peer: Address, forwarded_for: str, trusted: Sequence[Network]) -> Address:
    """Return the nearest address that is not a trusted proxy, or the farthest proxy known."""
    nearest = peer
    for text in reversed(forwarded_for.split(",")):
        address = parse(text)
        if address is None:
            return nearest
        nearest = address
        if not within(address, trusted):
            return nearest
    return nearest


def parse(text: str) -> Address | None:
    """Read an address, written bare, with a port, or in brackets; None when it is none."""
    return _parse(text) if len(text) < _LONGEST else None


@lru_cache(4096)
def _parse(text: str) -> Address | None:
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def within(address: Address, networks: Sequence[Network]) -> bool:
    """Tell whether `address` is in one of `networks`."""
    return any(address in network for network in networks)
