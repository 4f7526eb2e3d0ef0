"""The add-hook page in a real browser, by keyboard alone."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from burnish_server.hooks.models import Hook, Run
from burnish_server.identity.models import User

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def verified(administrator: User) -> User:
    """An administrator who may sign in on the login page."""
    administrator.emailaddress_set.create(email=administrator.email, verified=True, primary=True)
    return administrator


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/portal/hooks/hook/add/")
    page.fill("[name=login]", "root@staff.example")
    page.fill("[name=password]", "correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/hooks/hook/add/")
    page.wait_for_selector(".ace_text-input", state="attached")


def tab_to(page: Page, selector: str) -> None:
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the Tab key does not reach {selector}")


def test_a_hook_is_added_by_keyboard_and_its_warnings_stand_in_the_margin(
    live_server: LiveServer, verified: User
) -> None:
    trouble: list[str] = []
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        sign_in(page, live_server.url)
        tab_to(page, "[name=name]")
        page.keyboard.press("Control+a")
        page.keyboard.type("by-keyboard")
        tab_to(page, ".ace_scroller")
        page.keyboard.press("Enter")
        page.keyboard.press("Control+a")
        page.keyboard.type("export default (e: Unheard): unknown => ({ is_allowed: true });")
        page.keyboard.press("Escape")
        tab_to(page, "[name=on_error]")
        page.keyboard.press("ArrowDown")
        tab_to(page, "[name=_save]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".ace_gutter-layer .ace_warning")
        under = page.inner_text(".portal-problems")
        page.set_viewport_size(PHONE)
        width = page.evaluate("document.documentElement.scrollWidth")
        chromium.close()

    hook = Hook.objects.get()
    assert (hook.name, hook.on_error) == ("by-keyboard", "allow")
    assert hook.script == "export default (e: Unheard): unknown => ({ is_allowed: true });"
    assert "line 1, column 20" in under
    assert width == PHONE["width"]
    assert trouble == []


def test_the_form_shows_what_matters_for_the_event_and_the_kind(
    live_server: LiveServer, verified: User
) -> None:
    fields = ("told_of", "script", "url", "on_error", "isolation", "may_use")

    def shown(page: Page) -> set[str]:
        return {name for name in fields if page.locator(f".field-{name}").first.is_visible()}

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        sign_in(page, live_server.url)
        asked = shown(page)
        page.select_option("[name=event]", "told")
        told = shown(page)
        page.select_option("[name=kind]", "webhook")
        posted = shown(page)
        chromium.close()

    assert asked == {"script", "on_error", "isolation", "may_use"}
    assert told == {"told_of", "script", "isolation", "may_use"}
    assert posted == {"told_of", "url"}


def test_long_errors_squeeze_nothing_and_the_lists_fit(
    live_server: LiveServer, verified: User
) -> None:
    hook = Hook.objects.create(name="colleagues-only", events=["user.profile.pre_update"])
    Run.objects.create(
        hook=hook,
        hook_name=hook.name,
        event_type="user.profile.pre_update",
        event_seq=1,
        outcome="failed",
        error_code="DenoRunError",
        error_message="Error: " + "no such thing as this, said at length " * 3,
        duration_ms=4999.9,
        started_at=timezone.now(),
    )
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        sign_in(page, live_server.url)
        page.goto(f"{live_server.url}/portal/hooks/run/")
        error = page.locator("#result_list .field-shown_error").first.bounding_box()
        page.goto(f"{live_server.url}/portal/hooks/hook/")
        moves = page.locator(".portal-moves").first.bounding_box()
        chromium.close()

    assert error
    assert error["width"] > 150
    assert moves
    assert moves["x"] + moves["width"] <= 1280
