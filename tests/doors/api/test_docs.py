"""The documentation page in a real browser: nothing from elsewhere, and requests that work."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from burnish_server.api_keys.models import ApiKey
from burnish_server.identity.models import User

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_key_is_pasted_and_a_request_is_sent_on_a_phone(
    live_server: LiveServer, key: Callable[..., tuple[ApiKey, str]]
) -> None:
    user, secret = User.objects.create(email="ada@nordlake.example"), key()[1]
    trouble: list[str] = []
    asked: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page(viewport=PHONE)
        page.set_default_timeout(30_000)
        page.on("console", lambda line: trouble.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))

        page.goto(f"{live_server.url}/api/v1/docs")
        paste(page, secret)
        status, answer = plan_enrichment(page, str(user.pk))
        width = page.evaluate("document.documentElement.scrollWidth")
        browser.close()

    assert (status, trouble) == ("200", [])
    assert str(user.pk) in answer
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
    assert width <= PHONE["width"]


def paste(page: Page, secret: str) -> None:
    page.get_by_role("button", name="Authorize").first.click()
    page.get_by_label("auth-bearer-value").first.fill(secret)
    page.locator(".modal-ux").get_by_role("button", name="Apply credentials").first.click()
    page.locator(".modal-ux").get_by_role("button", name="Close").last.click()


def plan_enrichment(page: Page, user_id: str) -> tuple[str, str]:
    """Ask for a plan on the page; return the status and the body it shows."""
    place = page.locator(".opblock-get").filter(
        has_text=re.compile(r"/users/\S*\{user_id\}\S*/enrich")
    )
    place.locator(".opblock-summary-control").click()
    place.get_by_role("button", name="Try it out").click()
    place.get_by_placeholder("user_id").fill(user_id)
    place.get_by_role("button", name="Execute").click()
    shown = place.locator(".live-responses-table .response").first
    expect(shown).to_be_visible()
    return (
        shown.locator(".response-col_status").inner_text().split()[0],
        shown.locator(".response-col_description").inner_text(),
    )
