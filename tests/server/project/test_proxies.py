"""The visitor's address: believed of trusted proxies, forged by nobody."""

from ipaddress import ip_network
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from burnish_server.project.proxies import TrustedProxies

TRUSTED = ("10.0.0.0/8", "fd00::/8")


@pytest.fixture(autouse=True)
def trusted(settings: Any) -> None:
    """Trust two networks of proxies."""
    web = SimpleNamespace(trusted_proxies=tuple(ip_network(network) for network in TRUSTED))
    settings.BURNISH = SimpleNamespace(web=web)
    settings.ALLOWED_HOSTS = ["*"]


def seen(peer: str, **headers: str) -> HttpRequest:
    """Return the request as the next in line sees it."""
    request = RequestFactory().get("/", REMOTE_ADDR=peer, **headers)
    TrustedProxies(lambda _request: HttpResponse())(request)
    return request


@pytest.mark.parametrize(
    ("peer", "forwarded", "visitor"),
    [
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.7, unknown", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.7:4711", "203.0.113.7"),
        ("10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
    ],
)
def test_the_visitor_is_the_nearest_address_that_is_no_trusted_proxy(
    peer: str, forwarded: str, visitor: str
) -> None:
    request = seen(peer, HTTP_X_FORWARDED_FOR=forwarded)

    assert request.META["REMOTE_ADDR"] == visitor


def test_a_trusted_proxy_tells_scheme_and_host() -> None:
    request = seen(
        "10.0.0.1", HTTP_X_FORWARDED_PROTO="https", HTTP_X_FORWARDED_HOST="accounts.example"
    )

    assert request.build_absolute_uri("/") == "https://accounts.example/"


def test_nobody_else_tells_scheme_or_host_and_the_headers_are_gone() -> None:
    request = seen(
        "203.0.113.9",
        HTTP_X_FORWARDED_PROTO="https",
        HTTP_X_FORWARDED_HOST="evil.example",
        HTTP_X_REAL_IP="198.51.100.1",
    )

    assert request.build_absolute_uri("/") == "http://testserver/"
    assert not [name for name in request.META if "FORWARDED" in name or "REAL_IP" in name]
