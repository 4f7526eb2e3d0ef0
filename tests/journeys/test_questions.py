"""A person is asked one thing at sign-up, two at a later login, and is then left in peace."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import PASSWORD, Service, environment, letter_to, sign_up

pytestmark = pytest.mark.browser

ADDRESS = "ada@nordlake.example"
CONNECT = "from burnish_server.cli.database import connect\nconnect()\n"
CONFIGURE = """
from burnish.attributes.access import OPEN
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions.models import Question
for place, (name, kind, title, more) in enumerate([
    ("company", "string", "What is your company called?", {"sign_up": True, "required": True}),
    ("country", "country_code", "Which country do you work in?", {"priority": 300}),
    ("plan", "enum", "Which plan do you have in mind?", {"priority": 200}),
    ("team", "string", "What is your team called?", {}),
]):
    enum = ["free", "pro"] if kind == "enum" else []
    CustomAttribute.objects.create(
        pointer=f"/{name}", type=kind, enum=enum, access=OPEN.model_dump()
    )
    words = {"en": {"title": title, "why": "So that we know."}}
    entry = {"attributes": [name], "words": words, **more}
    Question.objects.create(key=name, position=place, entry=entry)
"""
DAYS_GO_BY = """
from datetime import timedelta
from django.db.models import F
from burnish_server.questions.models import Progress
times = ("asked_at", "answered_at", "skipped_at", "next_at")
Progress.objects.update(**{name: F(name) - timedelta(days=8) for name in times})
"""
NARROW = """
from burnish_server.profiles.models import CustomAttribute
CustomAttribute.objects.filter(pointer="/company").update(type="integer", maximum=10)
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("questions") / "var", "--sandbox").ready()
    try:
        do(service, CONFIGURE)
        yield service
    finally:
        service.end()


def do(service: Service, script: str) -> None:
    subprocess.run(
        [sys.executable, "-c", CONNECT + script],
        check=True,
        env=environment(BURNISH_DATA_DIR=str(service.data_dir)),
    )


@pytest.fixture(scope="module")
def phone(service: Service, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=service.url,
        java_script_enabled=False,
        viewport={"width": 390, "height": 844},
        locale="en-GB",
    )
    yield context
    context.close()


@pytest.fixture(scope="module")
def ada(phone: BrowserContext) -> Page:
    """Her phone, without JavaScript."""
    return phone.new_page()


def sign_in(page: Page) -> None:
    page.goto("/login/")
    page.get_by_label("Email").fill(ADDRESS)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def sign_out(page: Page) -> None:
    page.goto("/settings/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/")


def fits(page: Page) -> bool:
    """Return whether nothing is wider than the phone."""
    boxes = [element.bounding_box() for element in page.locator("main *:visible").all()]
    return all(box is None or box["x"] + box["width"] <= 390 for box in boxes)


def test_1_the_sign_up_form_asks_one_thing_and_then_there_is_rest(ada: Page) -> None:
    ada.goto("/signup/")
    assert fits(ada)
    ada.get_by_label("What is your company called?").fill("Nordlake")
    sign_up(ada, ADDRESS)
    code = letter_to(ada.context.new_page(), ADDRESS)
    ada.locator("input[name=code]").fill(code)
    ada.keyboard.press("Enter")

    ada.wait_for_url("**/settings/")
    expect(ada.locator("main")).to_contain_text("Nordlake")


def test_2_a_later_login_asks_two_by_keyboard_alone(ada: Page, service: Service) -> None:
    sign_out(ada)
    do(service, DAYS_GO_BY)
    sign_in(ada)

    expect(ada.locator("h1")).to_have_text("Which country do you work in?")
    expect(ada.locator("main")).to_contain_text("Question 1 of 2")
    expect(ada.locator("main")).to_contain_text("Why we ask: So that we know.")
    assert fits(ada)
    ada.get_by_label("Country").focus()
    ada.keyboard.press("Tab")
    ada.keyboard.press("Tab")
    expect(ada.get_by_role("button", name="Skip", exact=True)).to_be_focused()
    ada.keyboard.press("Enter")

    expect(ada.locator("h1")).to_have_text("Which plan do you have in mind?")
    expect(ada.locator("main")).to_contain_text("Question 2 of 2")
    assert fits(ada)
    ada.get_by_label("free").focus()
    ada.keyboard.press("ArrowDown")
    ada.keyboard.press("Enter")

    ada.wait_for_url("**/settings/")
    expect(ada.locator("main")).to_contain_text("pro")


def test_3_the_next_login_asks_nothing(ada: Page) -> None:
    sign_out(ada)
    sign_in(ada)

    ada.wait_for_url("**/settings/")


def test_4_the_settings_show_what_is_open_and_take_an_answer(ada: Page) -> None:
    ada.goto("/settings/profile/")
    expect(ada.get_by_role("progressbar")).to_have_attribute("value", "2")
    ada.get_by_role("link", name="Which country do you work in?").click()
    assert fits(ada)
    ada.get_by_label("Country").fill("Sweden")
    ada.keyboard.press("Enter")

    expect(ada.get_by_role("status")).to_contain_text("Your answer is saved.")
    expect(ada.locator("#country")).to_contain_text("SE")
    expect(ada.get_by_role("progressbar")).to_have_attribute("value", "3")


def test_5_being_offline_half_way_keeps_what_was_typed(
    ada: Page, browser: Browser, service: Service
) -> None:
    do(service, DAYS_GO_BY)
    context = browser.new_context(base_url=service.url)
    page, problems = context.new_page(), []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    sign_in(page)
    expect(page.locator("h1")).to_have_text("What is your team called?")
    assert problems == []
    page.get_by_label("Team").fill("Night shift")
    context.set_offline(True)
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_role("alert")).to_contain_text("You are offline.")
    context.set_offline(False)
    page.reload()
    expect(page.get_by_label("Team")).to_have_value("Night shift")
    page.get_by_role("button", name="Answer").click()

    page.wait_for_url("**/settings/")
    expect(page.locator("main")).to_contain_text("Night shift")
    assert page.evaluate("Object.keys(sessionStorage).length") <= 1
    context.close()


def test_6_a_value_a_later_rule_refuses_is_put_right_at_the_next_login(
    ada: Page, service: Service
) -> None:
    do(service, NARROW)
    sign_out(ada)
    sign_in(ada)

    expect(ada.get_by_label("Company")).to_have_value("Nordlake")
    expect(ada.get_by_role("button", name="Skip", exact=True)).to_have_count(0)
    ada.goto("/settings/")
    ada.wait_for_url("**/login/questions/")
    ada.get_by_label("Company").fill("7")
    ada.get_by_role("button", name="Answer").click()

    ada.wait_for_url("**/settings/")
