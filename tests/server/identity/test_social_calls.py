"""Social providers are called by the policy about calling outside."""

import http.server
import threading
from collections.abc import Iterator

import pytest
import requests

from burnish_server import engine
from burnish_server.identity import social_calls


class Server(http.server.ThreadingHTTPServer):
    """A server on this machine, which counts its requests."""

    requests = 0


class Answering(http.server.BaseHTTPRequestHandler):
    """Notes that it was reached."""

    server: Server

    def do_GET(self) -> None:
        self.server.requests += 1
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
    engine.close()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "①②⑦.0.0.1",
        "１２７.0.0.1",
        "127。0。0。1",
        "%31%32%37.0.0.1",
        "2130706433",
        "127.1",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
    ],
)
def test_no_private_address_is_called(server: Server, host: str) -> None:
    with pytest.raises(requests.RequestException):
        social_calls.session().get(f"http://{host}:{server.server_port}/openid-configuration")

    assert server.requests == 0
