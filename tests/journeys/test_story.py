"""The story Burnish exists for, lived in a browser, end to end on real parts."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import BURNISH, PASSWORD, Service, environment, letter_to, sign_up

pytestmark = pytest.mark.browser

ARTICLE = (Path(__file__).parent / "article.txt").read_text()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("story") / "var", "--sandbox").ready()
    yield service
    service.end()


@pytest.fixture(scope="module")
def portal(service: Service, browser: Browser) -> Iterator[Page]:
    """The portal, with the administrator signed in."""
    page = browser.new_page(base_url=service.url)
    page.set_default_timeout(6000)
    page.goto("/portal/")
    administrator = dict(re.findall(r"(Administrator|Password)\s+(\S+)", service.printed))
    page.get_by_label("Email").fill(administrator["Administrator"])
    page.get_by_label("Password", exact=True).fill(administrator["Password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{service.url}/portal/")
    yield page
    page.close()


@pytest.fixture
def visitor(service: Service, browser: Browser) -> Iterator[Page]:
    """The sign-up page, in a browser nobody is signed in to."""
    context = browser.new_context(base_url=service.url)
    page = context.new_page()
    page.goto("/signup/")
    yield page
    context.close()


def open_page(page: Page, name: str) -> None:
    page.locator("nav, aside, #nav-sidebar").get_by_text(name, exact=True).first.click()
    page.wait_for_load_state()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()


def shown(service: Service, email: str) -> dict[str, dict[str, str]]:
    """Return what `burnish users show --json` prints."""
    command = [*BURNISH, "users", "show", email, "--json"]
    printed = subprocess.run(
        [*command, "--data-dir", str(service.data_dir)],
        check=True,
        capture_output=True,
        env=environment(),
    )
    profile: dict[str, dict[str, str]] = json.loads(printed.stdout)
    return profile


def test_1_the_attributes_are_defined(portal: Page) -> None:
    for name in ("city", "country", "timezone"):
        open_page(portal, "Custom attributes")
        portal.goto("/portal/profiles/customattribute/add/")
        portal.get_by_label("Name", exact=False).first.fill(name)
        save(portal)

        expect(portal.locator("main, #main, body").first).to_contain_text(name)


def test_2_an_attribute_called_name_is_refused_with_the_reason(portal: Page) -> None:
    portal.goto("/portal/profiles/customattribute/add/")
    portal.get_by_label("Name", exact=False).first.fill("name")
    save(portal)

    expect(portal.locator("body")).to_contain_text("name is a standard attribute already")


def test_3_the_article_s_script_is_pasted_and_saved(portal: Page) -> None:
    open_page(portal, "Hooks")
    portal.goto("/portal/hooks/hook/add/")
    portal.locator("input[name=name]").fill("geo")
    portal.get_by_label("Event", exact=False).first.select_option("user.pre_create")
    paste(portal, ARTICLE)
    save(portal)

    expect(portal.locator("body")).to_contain_text("geo")
    portal.goto("/portal/hooks/hook/")
    portal.get_by_role("link", name="geo").first.click()
    expect(portal.locator("body")).to_contain_text("Promise<T>")


def paste(page: Page, text: str) -> None:
    """Put a text into the code editor as a paste does."""
    page.locator(".ace_editor").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def test_4_an_added_user_has_the_attributes_with_their_source(
    portal: Page, service: Service
) -> None:
    portal.goto("/portal/identity/user/add/")
    portal.locator("input[name=email]").fill("grace@nordlake.example")
    portal.get_by_role("button", name="Add user").click()
    portal.wait_for_load_state()

    body = portal.locator("body")
    for text in ("Mountain View", "United States", "America/Los_Angeles", "hook geo"):
        expect(body).to_contain_text(text)
    profile = shown(service, "grace@nordlake.example")
    assert profile["custom_attributes"] == {
        "city": "Mountain View",
        "country": "United States",
        "timezone": "America/Los_Angeles",
    }
    assert profile["sources"]["city"]["source"] == "hook:geo"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", profile["sources"]["city"]["at"])


def test_5_a_visitor_who_signs_up_has_them_too(visitor: Page, service: Service) -> None:
    sign_up(visitor, "Ada@nordlake.example")

    expect(visitor).to_have_url(re.compile("confirm-email"))
    assert shown(service, "ada@nordlake.example")["custom_attributes"]["city"] == "Mountain View"


def test_6_the_code_in_the_mail_opens_the_settings(visitor: Page, service: Service) -> None:
    sign_up(visitor, "hedy@nordlake.example")
    letters = visitor.context.new_page()
    code = letter_to(letters, "hedy@nordlake.example")
    visitor.locator("input[name=code]").fill(code)
    visitor.keyboard.press("Enter")

    visitor.wait_for_url("**/settings/")
    expect(visitor.locator("body")).to_contain_text("hedy@nordlake.example")


def test_7_an_attribute_nobody_defined_is_named_in_the_log_with_a_link(
    portal: Page, visitor: Page
) -> None:
    change_script(portal, ARTICLE.replace('"city": data.city', '"town": data.city'))
    sign_up(visitor, "mary@nordlake.example")

    portal.goto("/portal/hooks/run/")
    portal.locator("#result_list tr", has_text="mary").get_by_role("link").first.click()
    portal.wait_for_load_state()
    expect(portal.locator("body")).to_contain_text("town")
    portal.get_by_role("link", name=re.compile("Define")).last.click()
    portal.wait_for_load_state()
    assert "town" in portal.get_by_label("Name", exact=False).first.input_value()


def change_script(page: Page, script: str) -> None:
    page.goto("/portal/hooks/hook/")
    page.get_by_role("link", name="geo").first.click()
    page.wait_for_load_state()
    paste(page, script)
    save(page)


def test_8_a_denial_shows_its_title_and_reason_and_keeps_what_was_typed(
    portal: Page, visitor: Page, service: Service
) -> None:
    change_script(
        portal,
        "export default () => ({ is_allowed: false, title: 'Colleagues only',"
        " reason: 'Use your work address.' });",
    )

    sign_up(visitor, "mallory@elsewhere.example")

    body = visitor.locator("body")
    expect(body).to_contain_text("Colleagues only")
    expect(body).to_contain_text("Use your work address.")
    expect(visitor.get_by_label("Email")).to_have_value("mallory@elsewhere.example")
    with pytest.raises(subprocess.CalledProcessError):
        shown(service, "mallory@elsewhere.example")


def test_9_a_script_that_does_not_parse_is_refused_with_line_and_column(portal: Page) -> None:
    change_script(portal, "export default (e) => {\n  return {;\n};\n")

    expect(portal.locator("body")).to_contain_text(re.compile(r"[Ll]ine 2, column \d+"))


def test_99_the_log_tells_no_value_and_no_secret(service: Service) -> None:
    log = service.log

    assert "path=/signup/" in log
    for secret in ("Mountain View", "nordlake.example", PASSWORD, "apiKey", "MY_KEY"):
        assert secret not in log


def test_98_the_command_line_says_why_a_value_is_there(service: Service) -> None:
    command = [*BURNISH, "users", "explain", "ada@nordlake.example", "city"]

    told = subprocess.run(
        [*command, "--data-dir", str(service.data_dir)],
        capture_output=True,
        text=True,
        env=environment(),
    )

    assert told.returncode == 0
    assert told.stdout.startswith("Mountain View, from hook:geo, 100% sure, at ")
