"""Nothing that happened is lost, whichever process is killed."""

import json
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from subprocess import CompletedProcess
from typing import Any, TypeVar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import psutil
import psycopg
import pytest

from tests.journeys.conftest import PASSWORD, Service, eventually

Serve = Callable[..., Service]
Run = Callable[..., CompletedProcess[str]]

CONFIG = """
hook:
  non_blocking_handlers:
    - name: crm
      events: [user.created]
      url: http://127.0.0.1:{port}/events
"""


class Endpoint(ThreadingHTTPServer):
    """A webhook receiver; while it is `deaf`, it reads and does not answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.seen: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.deaf = threading.Event()

    @property
    def told_of(self) -> set[str]:
        """The users it was told of."""
        return {event["context"]["user_id"] for event in list(self.seen["user.created"])}

    def told_about(self, name: str) -> list[dict[str, Any]]:
        """Return the events in which somebody has this name."""
        return [event for event in list(self.seen["user.created"]) if name in str(event)]


class Receiver(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen[event["type"]].append(event)
        while self.server.deaf.is_set():
            time.sleep(0.1)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Post(ThreadingTCPServer):
    """A mail server; while it is `deaf`, it takes calls and does not greet."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Postman)
        self.calls = 0
        self.letters: list[str] = []
        self.deaf = threading.Event()


class Postman(StreamRequestHandler):
    server: Post

    def handle(self) -> None:
        self.server.calls += 1
        while self.server.deaf.is_set():
            time.sleep(0.1)
        self.wfile.write(b"220 post.example\r\n")
        while line := self.rfile.readline():
            match line[:4].upper():
                case b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    letter = list(iter(self.rfile.readline, b".\r\n"))
                    self.server.letters.append(b"".join(letter).decode())
                    self.wfile.write(b"250 taken\r\n")
                case b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                case _:
                    self.wfile.write(b"250 well\r\n")


Server = TypeVar("Server", Endpoint, Post)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    yield from _listening(Endpoint())


@pytest.fixture
def post() -> Iterator[Post]:
    yield from _listening(Post())


def _listening(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.deaf.clear()
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def told(serve: Serve, run: Run, endpoint: Endpoint, data_dir: Path, tmp_path: Path) -> Serve:
    """Start a service that tells the endpoint of its users: `told(BURNISH_MAIL_URL=...)`."""

    def start(**settings: str) -> Service:
        port = endpoint.server_port
        allowed = {"BURNISH_OUTBOUND_ALLOW_PRIVATE": f"127.0.0.1:{port}"}
        proxies = {"BURNISH_WEB_TRUSTED_PROXIES": "127.0.0.1"}
        service = serve(**allowed, **proxies, **settings).ready()
        (tmp_path / "burnish.yaml").write_text(CONFIG.format(port=port))
        words = ("config", "apply", str(tmp_path / "burnish.yaml"), "--data-dir", str(data_dir))
        applied = run(*words)
        assert applied.returncode == 0, applied.stderr
        return service

    return start


def sign_up(service: Service, number: int) -> None:
    """Sign somebody up, from an address of their own. Raises `OSError` or `HTTPException`."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    headers = {"X-Forwarded-For": f"198.51.100.{number % 250}"}
    page = opener.open(Request(f"{service.url}/signup/", headers=headers), timeout=10).read()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.decode())
    assert token
    form = {
        "csrfmiddlewaretoken": token[1],
        "email": f"ada-{number}@nordlake.example",
        "password1": PASSWORD,
    }
    body = urlencode(form).encode()
    opener.open(Request(f"{service.url}/signup/", body, headers=headers), timeout=10).read()


def users(data_dir: Path) -> set[str]:
    """Return the ids of all users who signed up."""
    address = json.loads((data_dir / "serve.json").read_text())["database_url"]
    found = "SELECT id::text FROM identity_user WHERE email LIKE 'ada-%'"
    with psycopg.connect(address) as database:
        return {id for (id,) in database.execute(found)}


@contextmanager
def visitors(service: Service) -> Iterator[None]:
    """Have people sign up one after the other, three at a time."""
    over = threading.Event()

    def come(first: int) -> None:
        for number in count(first, 3):
            if over.is_set():
                return
            try:
                sign_up(service, number)
            except (OSError, HTTPException):
                time.sleep(0.1)

    threads = [threading.Thread(target=come, args=(first,)) for first in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(30)


def test_web_and_worker_are_killed_again_and_again_and_no_event_is_lost(
    told: Serve, endpoint: Endpoint, data_dir: Path
) -> None:
    service = told()

    with visitors(service):
        for name in ("web", "worker") * 3:
            goal = len(users(data_dir)) + 4
            assert eventually(lambda goal=goal: len(users(data_dir)) >= goal, 30)  # type: ignore[misc]
            kill(service, name)

    there = users(data_dir)
    assert eventually(lambda: endpoint.told_of == there, within=75), there - endpoint.told_of
    events = endpoint.seen["user.created"]
    assert len({event["id"] for event in events}) == len(there) > 20


def kill(service: Service, name: str) -> None:
    """Kill a part of the service, and whatever it started."""
    parent = service.part(f"burnish {name}")
    for process in (parent, *parent.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            process.kill()


def test_what_a_vanished_worker_had_in_hand_is_taken_over_within_a_minute(
    told: Serve, endpoint: Endpoint, post: Post
) -> None:
    service = told(BURNISH_MAIL_URL=f"smtp://127.0.0.1:{post.server_address[1]}")
    endpoint.deaf.set()
    post.deaf.set()
    sign_up(service, 1_000_000)
    assert eventually(lambda: endpoint.told_about("ada-1000000") and post.calls, within=10)

    kill(service, "worker")
    killed_at = time.monotonic()
    endpoint.deaf.clear()
    post.deaf.clear()

    assert eventually(lambda: len(endpoint.told_about("ada-1000000")) > 1, within=60)
    first, second = endpoint.told_about("ada-1000000")
    assert first == second
    left = 60 - (time.monotonic() - killed_at)
    assert eventually(lambda: any("ada-1000000" in letter for letter in post.letters), left)
