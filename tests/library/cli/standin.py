"""A vendor of places that remembers what it was asked, and can be slow or refuse to answer."""

import json
import math
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ORIGIN = "https://api.ipgeolocation.io"


@dataclass
class StandIn:
    """`asked` counts what came, `answered` what was answered, by address.

    Addresses that end in `.0` are not in its database. `ill` are addresses that are always answered
    by 503, and `lasting` is the status everybody gets after `good_for` answers, for `away_for`
    seconds from the first of those on.
    """

    address: str = ""
    seconds: float = 0.0
    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    ill: set[str] = field(default_factory=set)
    lasting: int = 0
    good_for: int = 0
    away_for: float = math.inf
    away_since: float = math.inf

    def trouble(self, ip: str) -> int:
        """Return the status of an answer that is none, or 0."""
        if self.lasting and self.answered.total() >= self.good_for:
            self.away_since = min(self.away_since, time.monotonic())
            if time.monotonic() - self.away_since <= self.away_for:
                return self.lasting
        return 503 if ip in self.ill else 0

    @property
    def environment(self) -> dict[str, str]:
        """What sends the vendor's calls here."""
        return {"BURNISH_OUTBOUND_REWRITES": f"{ORIGIN}={self.address}"}


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """Run one."""
    standin = StandIn()
    lock = threading.Lock()

    class Places(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            (ip,) = parse_qs(urlsplit(self.path).query)["ip"]
            with lock:
                standin.asked[ip] += 1
                trouble = standin.trouble(ip)
            time.sleep(standin.seconds)
            last = ip.rpartition(".")[2]
            status, body = 404, {"message": "unknown"}
            if last != "0":
                status, body = 200, {"location": {"city": f"City {last}"}}
            if trouble:
                status, body = trouble, {"message": "not now"}
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            with lock:
                standin.answered[ip] += not trouble

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 256

    server = Server(("127.0.0.1", 0), Places)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    standin.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield standin
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
