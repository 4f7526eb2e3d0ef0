"""mozilla-django-oidc signs people in for a Django project."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page
from tests.doors.clients.conftest import ADA, burnish
from tests.journeys.conftest import Service, environment, eventually, free_port

pytestmark = pytest.mark.browser

PROJECT = Path(__file__).with_name("mozilla.py")


@pytest.fixture
def home(service: Service) -> Iterator[str]:
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    uri = f"{home}/oidc/callback/"
    words = ("clients", "create", "django-shop", "--type", "confidential", "--redirect-uri", uri)
    secret = burnish(service, *words)
    command = [sys.executable, str(PROJECT), service.url, "django-shop", secret, str(port)]
    silent = subprocess.DEVNULL
    app = subprocess.Popen(command, env=environment(), stdout=silent, stderr=silent)
    assert eventually(lambda: answers(home), 20)
    yield home
    app.terminate()
    app.wait(10)


def answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def test_a_django_project_makes_a_user_with_what_a_hook_filled_in(ada: Page, home: str) -> None:
    ada.goto(f"{home}/oidc/authenticate/")
    ada.wait_for_url(f"{home}/")

    assert ada.request.get(f"{home}/").json() == {"email": ADA, "city": "Lyon"}
