"""Whatever is sent to whichever address, nothing is answered by a 5xx or by a traceback."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from tests.doors.addresses import Gaps, every, oddly_filled
from tests.doors.inhabited import House, furnish
from tests.doors.oidc.conftest import BACKEND

from burnish_server import engine
from burnish_server.api import rate
from burnish_server.project.sessions import SessionStore

ODD = (
    "q=%00&next=%ff%fe&page=99999999999999999999&p=-1&o=zz&e=1&created=before+x+y&id=%00"
    "&event=99999999999999999999&cursor=%ff&limit=-1&first=1e9&since=0000-99-99"
    "&client_id=%00&redirect_uri=%5B&state=" + "s" * 3000
)
FIELDS = {
    **dict.fromkeys(("login", "email", "password", "username", "value"), "\x00��" * 3),
    **dict.fromkeys(("code", "phone", "number", "base_version", "version", "act"), "9" * 400),
    **{"client_id": "spa", "grant_type": "\0", "token": "\0", "code_verifier": "x" * 9000},
    **{"event": "{" * 5000, "script": "\0", "name": "n" * 5000, "entry": "[[", "id": "\0"},
    **{"query": "%ff", "column": "\0", "action": "delete_selected", "_selected_action": "\0"},
}
"""A form of everything that some page reads, all of it wrong."""

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
BODIES: tuple[tuple[str, bytes], ...] = (
    (JSON, b'{"email": "\xff\xfe", "password": "\x00"'),
    (JSON, b'{"a\\u0000": "\\u0000", "email": {"x": [1e999]}, "password": "\\ud800", "code": -1}'),
    (JSON, b"[" * 20_000),
    (JSON, b"9" * 5000),
    (FORM, b"a=%00&login=%ff&\xff=\xfe&password=" + b"p" * 200_000),
    ("multipart/form-data", b"--x\r\nno boundary"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="\x00'),
    ("application/x-nothing; charset=nonsense", b"\xff\x00\xfe"),
    ("\0", b"\0"),
)
METHODS = ("PATCH", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW")
ODD_GAPS = (
    "%00",
    "%FF",
    "0" * 40,
    "x" * 3000,
    "-1",
    "99999999999999999999",
    "..%2F..",
    "%F0%9F%98%80",
)


@pytest.fixture(scope="module", autouse=True)
def _engine() -> Iterator[None]:
    yield
    engine.close()


class Fool:
    """Somebody who may come in everywhere, and sends what makes no sense."""

    def __init__(self, house: House, known: bool) -> None:
        self.client = Client(raise_request_exception=False)
        self.house, self.known = house, known
        self.faults: list[str] = []

    def send(self, method: str, address: str, **what: Any) -> None:
        """Send something, and note what is wrong with the answer."""
        cache.clear()
        rate.counter.clear()
        self._come_in(address)
        response = self.client.generic(method, address, **what)
        if fault := fault_of(response):
            self.faults.append(f"{method} {address[:80]} {str(what)[:60]}: {fault}")

    def _come_in(self, address: str) -> None:
        if not self.known:
            self.client.cookies.clear()
            return
        cookie = self.client.cookies.get("sessionid")
        if cookie is None or not SessionStore().exists(cookie.value):
            self.client.force_login(self.house.root, backend=BACKEND)
        program = address.startswith(("/api/", "/graphql", "/_api/"))
        headers = {"HTTP_AUTHORIZATION": f"Bearer {self.house.key}"} if program else {}
        self.client.defaults = headers


def fault_of(response: HttpResponse) -> str:
    """Return what is wrong with an answer; empty for nothing."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"{response.status_code} {vars(response.wsgi_request).get('burnish_raised')!r}"
    if b"Traceback (most recent" in body:
        return "a traceback"
    return ""


@pytest.mark.parametrize("known", [False, True], ids=["a stranger", "an administrator"])
def test_nothing_that_is_sent_is_a_fault_of_ours(transactional_db: None, known: bool) -> None:
    house = furnish()
    fool, addresses = Fool(house, known), list(dict.fromkeys(every(one_each(house.gaps))))
    form = urlencode(FIELDS, errors="surrogatepass").encode()

    # Each address gets a third of it all: what it misses, its neighbours get.
    for place, address in enumerate(addresses):
        fool.send("GET", address, QUERY_STRING=ODD)
        for kind, body in BODIES[place % 3 :: 3]:
            fool.send("POST", address, data=body, content_type=kind)
        fool.send("POST", address, data=form, content_type=FORM, QUERY_STRING=ODD)
    for address in oddly_filled(ODD_GAPS):
        fool.send("GET", address)
    for place, address in enumerate(addresses):
        for method in METHODS[place % 3 :: 3]:
            fool.send(method, address, data=b"{}", content_type=JSON)

    assert fool.faults == []


def one_each(gaps: Gaps) -> Gaps:
    """Return gaps with one way to fill each."""
    return {
        start: {name: values[:1] for name, values in known.items()} for start, known in gaps.items()
    }
