"""A real `burnish serve`, as a person would start it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

BURNISH = [sys.executable, "-m", "burnish"]
CHROMIUM = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CODE = re.MULTILINE | re.DOTALL
PASSWORD = "correct horse battery"


def environment(**more: str) -> dict[str, str]:
    """Return the environment without the settings of the test session."""
    ours = ("BURNISH_", "DATABASE_URL", "DJANGO_")
    return {k: v for k, v in os.environ.items() if not k.startswith(ours)} | more


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def eventually(holds: Callable[[], object], within: float) -> bool:
    """Tell whether `holds` becomes true in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return bool(holds())


class Service:
    """One `burnish serve`: what it prints, its processes, its end."""

    def __init__(self, data_dir: Path, *words: str, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data_dir = data_dir
        self._printed = data_dir.with_name(f"printed-{self.port}")
        self._log = data_dir.with_name(f"log-{self.port}")
        where = ["--data-dir", str(data_dir), "--port", str(self.port)]
        with self._printed.open("w") as printed, self._log.open("w") as log:
            self.process = psutil.Popen(
                [*BURNISH, "serve", *where, *words],
                stdout=printed,
                stderr=log,
                env=environment(**settings),
            )

    @property
    def printed(self) -> str:
        return self._printed.read_text()

    @property
    def log(self) -> str:
        return self._log.read_text()

    def ready(self, within: float = 30) -> "Service":
        """Wait until it says so."""
        assert eventually(
            lambda: "is ready" in self.printed or self.process.poll() is not None, within
        )
        assert "is ready" in self.printed, self.log
        return self

    def tree(self) -> list[psutil.Process]:
        """Return every process of the service, the supervisor first."""
        return [self.process, *self.process.children(recursive=True)]

    def part(self, *words: str) -> psutil.Process:
        """Return the process whose command line has these words, the oldest of several.

        Waits for one that is being started again.
        """
        found: list[psutil.Process] = []

        def running() -> list[psutil.Process]:
            found[:] = [p for p in self.tree()[1:] if all(word in line(p) for word in words)]
            return found

        assert eventually(running, within=10), words
        return min(found, key=lambda process: process.create_time())

    def answers(self, path: str = "/health/") -> bool:
        try:
            with urlopen(self.url + path, timeout=5) as response:
                return bool(response.status == 200)
        except (URLError, OSError):
            return False

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal to the supervisor and return its exit status."""
        self.process.send_signal(number)
        return self.process.wait(10)


def line(process: psutil.Process) -> str:
    """Return a process's command line, empty for one that has ended meanwhile."""
    try:
        return re.sub(r"\s+", " ", " ".join(process.cmdline()))
    except psutil.NoSuchProcess:
        return ""


def alive(processes: list[psutil.Process]) -> list[str]:
    """Return the command lines of those still running."""
    return [words for process in processes if (words := line(process))]


def sign_up(page: Page, email: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.wait_for_load_state()


def letter_to(page: Page, address: str) -> str:
    """Return the code in the newest mail to an address, once the worker has sent it."""
    for _ in range(40):
        page.goto("/sandbox/mail/")
        text = page.locator("main").inner_text()
        if found := re.search(rf"{address}.*?^\s*([A-Z0-9]{{4,}}-?[A-Z0-9]+)\s*$", text, CODE):
            return found[1]
        page.wait_for_timeout(250)
    raise AssertionError(text)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder the tests of one file share: making one takes seconds."""
    return tmp_path_factory.mktemp("journey") / "var"


@pytest.fixture
def serve(data_dir: Path) -> Iterator[Callable[..., Service]]:
    """Start services: `serve("--sandbox")`; those still running end with the test."""
    started: list[Service] = []

    def start(*words: str, **settings: str) -> Service:
        started.append(Service(data_dir, *words, **settings))
        return started[-1]

    yield start
    for service in started:
        if service.process.poll() is None:
            service.end()


@pytest.fixture
def run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `burnish` to its end: `run("users", "show", "ada@example.com")`."""

    def burnish(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*BURNISH, *words],
            env=environment(**settings),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    return burnish
