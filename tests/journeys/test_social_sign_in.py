"""Somebody signs up with an account of another service, which stands in for one in the sandbox."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Service

pytestmark = pytest.mark.browser


def test_somebody_comes_by_another_service_and_turns_back_once(
    serve: Callable[..., Service], browser: Browser
) -> None:
    service = serve("--sandbox").ready()
    page = browser.new_context(base_url=service.url, java_script_enabled=False).new_page()

    page.goto("/login/")
    page.get_by_role("button", name="Continue with Sandbox account").click()
    page.get_by_role("link", name="Turn back").click()
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()

    page.goto("/signup/")
    page.get_by_role("button", name="Continue with Sandbox account").click()
    somebody = page.get_by_role("link").first
    name = somebody.inner_text().partition(",")[0]
    somebody.click()
    page.wait_for_url("**/settings/")
    expect(page.get_by_text(name.split()[0]).first).to_be_visible()

    page.get_by_role("link", name="Connected accounts").click()
    page.get_by_role("button", name="Disconnect Sandbox account").click()
    expect(page.get_by_role("alert")).to_contain_text("only way to sign in")
