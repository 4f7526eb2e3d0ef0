"""A running service, an app's port, and a person's browser: clients know no more than that."""

import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.doors.clients.javascript import NODE
from tests.journeys.conftest import (
    BURNISH,
    CHROMIUM,
    PASSWORD,
    Service,
    environment,
    letter_to,
    sign_up,
)

from burnish_server.api_keys.scope import SCOPES

T = TypeVar("T")

CLIENT = Path(__file__).parents[3] / "clients/typescript"
ADA = "ada@nordlake.example"
CONFIG = """
user_profile:
  custom_attributes:
    attributes:
    - id: city
      pointer: /city
      type: string
      access_control: {end_user: readonly, bearer: readonly, portal_ui: readwrite}
    - id: score
      pointer: /score
      type: integer
      access_control: {end_user: hidden, bearer: hidden, portal_ui: readwrite}
hook:
  blocking_handlers:
  - event: user.pre_create
    url: authgeardeno:///deno/geo.ts
"""
GEO = """
export default async function (e: EventUserPreCreate): Promise<EventUserPreCreateHookResponse> {
  return {
    is_allowed: true,
    mutations: { user: { custom_attributes: { city: "Lyon", score: 90210 } } },
  };
}
"""


def burnish(service: Service, *words: str) -> str:
    """Run a command beside the service, and return what it printed."""
    done = subprocess.run(
        [*BURNISH, *words, "--data-dir", str(service.data_dir)],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def registered(service: Service, client_id: str, kind: str, port: int, *more: str) -> str:
    """Register an app that listens at a port of this machine, and return its secret."""
    home = f"http://127.0.0.1:{port}"
    uris = ["--redirect-uri", f"{home}/callback", "--post-logout-redirect-uri", f"{home}/"]
    return burnish(service, "clients", "create", client_id, "--type", kind, *uris, *more)


def beside(work: Callable[[], T]) -> T:
    """Do something in a thread of its own: in this one, Playwright's event loop runs."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(work).result()


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Run Burnish with a hook that says where people are."""
    folder: Path = tmp_path_factory.mktemp("clients")
    served = Service(folder / "var", "--sandbox").ready(90)
    try:
        (folder / "deno").mkdir()
        (folder / "deno/geo.ts").write_text(GEO)
        (folder / "burnish.yaml").write_text(CONFIG)
        burnish(served, "config", "apply", str(folder / "burnish.yaml"), "--yes")
        yield served
    finally:
        served.end()


@pytest.fixture(scope="package")
def api_key(service: Service) -> str:
    """Return a key that may do everything."""
    scopes = [word for scope in sorted(SCOPES) for word in ("--scope", scope)]
    return burnish(service, "api-keys", "create", "everything", *scopes)


@pytest.fixture(scope="package")
def dist() -> str:
    """Build the client, and return where it is."""
    tsc = CLIENT / "node_modules/typescript/bin/tsc"
    assert tsc.exists(), "What the client is built with is not installed: make .venv/clients.stamp"
    built = subprocess.run([NODE, tsc], cwd=CLIENT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout
    return str(CLIENT / "dist")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium: Browser, service: Service) -> Iterator[Page]:
    """Return the browser of somebody nobody knows."""
    context = chromium.new_context(base_url=service.url, locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="package")
def ada(chromium: Browser, service: Service) -> Iterator[Page]:
    """Return the browser of Ada, who has an account and is signed in."""
    context = chromium.new_context(base_url=service.url, locale="en-GB")
    page = context.new_page()
    page.goto("/signup/")
    confirmed(page, ADA)
    page.wait_for_url("**/settings/")
    yield page
    context.close()


def confirmed(page: Page, address: str) -> None:
    """Sign up on the page that is open, and enter the code that came by mail."""
    sign_up(page, address)
    asked = page.context.new_page()
    code = letter_to(asked, address)
    asked.close()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Confirm").click()


def signed_in(page: Page, address: str) -> None:
    """Sign in on the page that is open."""
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
