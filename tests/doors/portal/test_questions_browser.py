"""Progressive profiling's pages in a real browser: with a script, without, and on a phone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer
from tests.doors.portal.questions import LIST, NEW, OPEN, ask

from burnish_server.identity.models import User
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions import store
from burnish_server.questions.models import Moment

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser; what the database holds is looked at once it is closed."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def _there(attribute: Callable[..., CustomAttribute], administrator: User) -> None:
    administrator.emailaddress_set.create(email=administrator.email, verified=True, primary=True)
    for name in ("city", "team", "plan"):
        attribute(name, id=name, access=OPEN)
        # Not yet, so that nothing stands between the administrator and the portal.
        ask(name, when={"logins": 99})


def sign_in(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(8000)
    page.goto(f"{url}{LIST}")
    page.fill("[name=login]", "root@staff.example")
    page.fill("[name=password]", "correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}{LIST}")
    return page


def keys() -> list[str]:
    return [one.key for one in store.asked().questions]


@pytest.mark.usefixtures("_there")
def test_questions_are_moved_by_buttons_and_added_by_the_form(live_server: LiveServer) -> None:
    trouble: list[str] = []
    with chromium() as browser:
        page = sign_in(browser.new_context(viewport=PHONE), live_server.url)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        page.get_by_role("button", name="Move plan up").click()
        page.get_by_role("button", name="Move plan up").click()
        page.get_by_role("button", name="Save the order").click()
        page.get_by_text("The order was saved").wait_for()
        page.goto(f"{live_server.url}{NEW}")
        page.get_by_label("Key").fill("both")
        page.get_by_label("Attributes").select_option(["city", "team"])
        page.locator("[name=words-0-title]").fill("Where do you work?")
        wide = page.evaluate("document.documentElement.scrollWidth")
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text("both was added").wait_for()

    assert keys() == ["plan", "city", "team", "both"]
    assert wide <= PHONE["width"]
    assert trouble == []


@pytest.mark.usefixtures("_there")
def test_without_a_script_the_numbers_say_the_order(live_server: LiveServer) -> None:
    with chromium() as browser:
        page = sign_in(browser.new_context(java_script_enabled=False), live_server.url)
        page.get_by_label("Order of team").fill("1")
        page.get_by_label("Order of city").fill("5")
        page.get_by_label("Order of plan").fill("2")
        page.get_by_role("button", name="Save the order").click()
        page.get_by_text("The order was saved").wait_for()

    assert keys() == ["team", "plan", "city"]


@pytest.mark.usefixtures("_there")
def test_nothing_can_be_sent_from_the_frame(live_server: LiveServer) -> None:
    with chromium() as browser:
        page = sign_in(browser.new_context(), live_server.url)
        page.goto(f"{live_server.url}{LIST}city/preview/")
        frame = page.frame_locator("iframe")
        frame.get_by_role("heading", name="What is your city?").wait_for()
        frame.get_by_role("button", name="Skip").click()
        page.wait_for_timeout(300)
        still = frame.get_by_role("heading", name="What is your city?").is_visible()

    assert still
    assert not Moment.objects.exists()
