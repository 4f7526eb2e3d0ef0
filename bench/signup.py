"""What does a sign-up cost, and what does a hook add to it?"""

import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import httpx
import yaml

from bench.measure import show, timing

METHOD = (
    "POST of the sign-up form to `burnish serve --sandbox` over HTTP, database and password hash "
    "(Argon2id, 19 MiB) included.\np50 and p95: one visitor after the other, 200 each; sign-ups/s: "
    "8 at once, 400 each. The vendor is the sandbox's stand-in, told to wait 50 ms."
)
TRIVIAL = "export default () => ({ is_allowed: true });\n"
VENDOR = """
export default async function () {
  const answer = await fetch("https://api.ipgeolocation.io/ipgeo?apiKey=slow-50&ip=8.8.8.8");
  const place = await answer.json();
  return { is_allowed: true, mutations: { user: { custom_attributes: { city: place.city } } } };
}
"""
numbers = itertools.count()


def bench() -> None:
    """Print the table."""
    rows = []
    first = None
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as url:
        for name, script in (
            ("no hook", None),
            ("trivial hook", TRIVIAL),
            ("hook, vendor waits 50 ms", VENDOR),
        ):
            if script:
                apply(Path(folder), "authgeardeno:///deno/bench.ts", script)
            sign_up = visitor(url)
            for _ in range(5):
                sign_up()
            one = timing(sign_up, 200)
            many = timing(visitors(url), 400, threads=8)
            first = first or one
            added = f"{one.p50 - first.p50:+.1f}"
            figures = f"{one.p50:.1f}", added, f"{one.p95:.1f}", f"{many.rate:.0f}"
            rows.append((name, *figures))
    columns = ("sign-up with", "p50 ms", "to no hook", "p95 ms", "sign-ups/s")
    show("signup", METHOD, columns, rows)


def environment() -> dict[str, str]:
    """Return the environment without settings of another service or bench."""
    settings = ("BURNISH_", "DATABASE_URL", "DJANGO_")
    return {name: value for name, value in os.environ.items() if not name.startswith(settings)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def service(folder: Path, **settings: str) -> Iterator[str]:
    """Run a whole service on a free port, with settings of the environment."""
    port = free_port()
    settings |= {"BURNISH_WEB_TRUSTED_PROXIES": "127.0.0.1", "BURNISH_LOG_LEVEL": "error"}
    command = [sys.executable, "-m", "burnish", "serve", "--sandbox", "--port", str(port)]
    serve = subprocess.Popen(
        [*command, "--data-dir", str(folder / "var")],
        env=environment() | settings,
        stdout=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/health/")
        yield url
    finally:
        serve.send_signal(signal.SIGTERM)
        serve.wait(20)


def wait_for(url: str) -> None:
    """Wait until a page answers."""
    for _ in range(300):
        try:
            httpx.get(url).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)


def apply(folder: Path, url: str, script: str = "") -> None:
    """Put one hook in force: a webhook, or the script that is written to `deno/bench.ts`."""
    config = {
        "user_profile": {
            "custom_attributes": {
                "attributes": [{"id": "0001", "pointer": "/city", "type": "string"}]
            }
        },
        "hook": {"blocking_handlers": [{"event": "user.pre_create", "url": url}]},
    }
    (folder / "deno").mkdir(exist_ok=True)
    (folder / "deno/bench.ts").write_text(script)
    (folder / "burnish.yaml").write_text(yaml.safe_dump(config))
    command = [sys.executable, "-m", "burnish", "config", "apply", str(folder / "burnish.yaml")]
    subprocess.run(
        [*command, "--data-dir", str(folder / "var")],
        check=True,
        env=environment(),
        stdout=subprocess.DEVNULL,
    )


def visitor(url: str, *, addresses: int = 0):  # type: ignore[no-untyped-def]
    """Return a function that signs somebody new up, each from an address of their own.

    With a number of `addresses`, they come from so many in turn.
    """
    client = httpx.Client(base_url=url, timeout=30)
    page = client.get("/signup/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    cookie = SimpleCookie(page.headers["set-cookie"])["csrftoken"].value
    assert token

    def sign_up() -> None:
        number = next(numbers)
        fields = {
            "email": f"visitor-{number}@nordlake.example",
            "password1": "correct horse battery",
            "csrfmiddlewaretoken": token[1],
        }
        place = number % addresses if addresses else number
        address = f"203.{place >> 16 & 255}.{place >> 8 & 255}.{place & 255}"
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "cookie": f"csrftoken={cookie}",
            "x-forwarded-for": address,
        }
        client.cookies.clear()
        answer = client.post("/signup/", content=urlencode(fields), headers=headers)
        assert answer.status_code == 302, answer.text

    return sign_up


def visitors(url: str):  # type: ignore[no-untyped-def]
    """Return the same for several threads: each has a connection of its own."""
    own = threading.local()

    def sign_up() -> None:
        if not hasattr(own, "sign_up"):
            own.sign_up = visitor(url)
        own.sign_up()

    return sign_up
