"""The page to try queries in, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer
from tests.doors.graphql.conftest import ACTOR

from burnish_server.api_keys import store
from burnish_server.identity.models import User

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
PHONE = {"width": 390, "height": 844}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_query_is_typed_and_answered_by_keyboard_on_a_phone(
    live_server: LiveServer, user: Callable[..., User]
) -> None:
    user()
    _, text = store.create("crm", ["users:read"], ACTOR)
    trouble: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page(viewport=PHONE)
        page.set_default_timeout(8000)
        page.on("console", lambda line: trouble.append(line.text) if line.type == "error" else None)

        page.goto(f"{live_server.url}/graphql")
        page.get_by_label("API key or signed token").fill(text)
        page.keyboard.press("Enter")
        answered = page.get_by_label("Answer")
        answered.filter(has_text="ada@nordlake.example").wait_for()
        page.get_by_label("Variables, as JSON").fill("{")
        page.get_by_role("button", name="Ask").press("Enter")
        answered.filter(has_text="The variables are no JSON").wait_for()
        width = page.evaluate("document.documentElement.scrollWidth")
        browser.close()

    assert trouble == []
    assert width <= PHONE["width"]
