"""The example apps show people what a hook filled in about them, once they have logged in."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.doors.clients.conftest import ADA, burnish, registered, signed_in
from tests.doors.clients.javascript import bundled
from tests.journeys.conftest import Service, environment, eventually, free_port

from burnish.client import Burnish, Conflict

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"


def ada_sees_her_city(page: Page, home: str) -> None:
    """Log in on an app's home page."""
    page.goto(home)
    page.get_by_text("Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Hello")).to_be_visible()
    expect(page.locator("dl")).to_contain_text(ADA)
    expect(page.locator("dl")).to_contain_text("CityLyon")
    expect(page.locator("dl")).not_to_contain_text("90210")  # the app may not see it


def ada_logs_out(page: Page) -> None:
    """Log out on the page that is open."""
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("Log in", exact=True)).to_be_visible()


@contextmanager
def running(folder: Path, home: str, *words: str, **settings: str) -> Iterator[None]:
    """Run an app in its folder until the block ends."""
    silent = subprocess.DEVNULL
    env = environment(PYTHONDONTWRITEBYTECODE="1", SESSION_SECRET="only-for-tests", **settings)
    command = [sys.executable, *words]
    app = subprocess.Popen(command, cwd=folder, env=env, stdout=silent, stderr=silent)
    try:
        assert eventually(lambda: answers(home), 60)
        yield
    finally:
        app.terminate()
        app.wait(10)


def answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def test_the_fastapi_app(service: Service, ada: Page) -> None:
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    secret = registered(service, "fastapi", "confidential", port)
    words = ("-m", "uvicorn", "app:app", "--port", str(port))
    told = {"BURNISH_URL": service.url, "CLIENT_ID": "fastapi", "CLIENT_SECRET": secret}

    with running(EXAMPLES / "fastapi_app", home, *words, **told):
        ada_sees_her_city(ada, f"{home}/")
        ada_logs_out(ada)


def test_the_django_app(service: Service, ada: Page, tmp_path: Path) -> None:
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    back = ("--redirect-uri", f"{home}/oidc/callback/")
    secret = burnish(service, "clients", "create", "django", "--type", "confidential", *back)
    told = {"BURNISH_URL": service.url, "CLIENT_ID": "django", "CLIENT_SECRET": secret}
    told["SHOP_DATABASE"] = str(tmp_path / "db.sqlite3")
    folder = EXAMPLES / "django_app"
    env = environment(SESSION_SECRET="only-for-tests", PYTHONDONTWRITEBYTECODE="1", **told)
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=folder, env=env, check=True)
    words = ("manage.py", "runserver", "--noreload", str(port))

    with running(folder, home, *words, **told):
        ada_sees_her_city(ada, f"{home}/")
        ada_logs_out(ada)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing about it."""

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def page_home(service: Service, dist: str, tmp_path: Path) -> Iterator[str]:
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    registered(service, "page", "spa", port, "--redirect-uri", f"{home}/")
    source = (EXAMPLES / "browser_page/main.js").read_text()
    source = source.replace("@burnish/client/browser", os.path.join(dist, "browser.js"))
    (tmp_path / "app.js").write_text(bundled(source, "esm"))
    shutil.copy(EXAMPLES / "browser_page/style.css", tmp_path)
    html = (EXAMPLES / "browser_page/index.html").read_text()
    (tmp_path / "index.html").write_text(html.replace("http://127.0.0.1:8000", service.url))
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"{home}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_browser_page(service: Service, ada: Page, page_home: str, api_key: str) -> None:
    ada_sees_her_city(ada, page_home)
    (kept,) = ada.evaluate("Object.values(sessionStorage)")
    ada_is_asked(service, json.loads(kept)["access_token"], api_key)
    ada_logs_out(ada)

    # It signed her out of the service too.
    ada.goto(f"{service.url}/settings/")
    signed_in(ada, ADA)
    ada.wait_for_url("**/settings/")


def ada_is_asked(service: Service, token: str, api_key: str) -> None:
    """Ask her a question with the token of an app, and answer it."""
    where = f"{service.url}/api/v1/questions/family_name"
    known = {"Authorization": f"Bearer {api_key}"}
    asks = {"attributes": ["family_name"], "words": {"en": {"title": "What is your family name?"}}}
    assert httpx.put(where, json=asks, headers=known).is_success
    with Burnish(service.url) as burnish:
        person = burnish.person(token)

        (question,) = person.questions()
        replied = person.answer("family_name", {"family_name": "Lovelace"})

        assert question.title == "What is your family name?"
        assert replied.values == {"family_name": "Lovelace"}
        assert person.questions(open=True) == ()
        assert person.userinfo().family_name == "Lovelace"
        with pytest.raises(Conflict, match="answered"):
            person.refuse("family_name")
    assert httpx.delete(where, headers=known).is_success
