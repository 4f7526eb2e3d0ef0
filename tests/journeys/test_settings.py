"""A person puts right what the service guessed of them, in a browser without JavaScript."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import BURNISH, Service, environment, letter_to, sign_up

pytestmark = pytest.mark.browser

ADDRESS = "ada@nordlake.example"
CONFIG = """
user_profile:
  custom_attributes:
    attributes:
      - id: "0001"
        pointer: /city
        type: string
        help_text: Where you live.
        purpose: to show shops near you
        access_control: &open {end_user: readwrite, bearer: readonly, portal_ui: readwrite}
      - {id: "0002", pointer: /country, type: string, access_control: *open}
hook:
  blocking_handlers:
    - event: user.pre_create
      url: authgeardeno:///deno/geo.ts
"""
GEO = """
export default () => ({
  is_allowed: true,
  mutations: { user: { custom_attributes: { city: "Lyon", country: "France" } } },
});
"""
# What a worker does when a source has something new to say.
SAY_AGAIN = """
from burnish_server.cli.database import connect
connect()
from django.utils import timezone
from burnish.profiles.fact import Fact
from burnish_server.identity.models import User
from burnish_server.profiles import store
now, schema, user = timezone.now(), store.schema(), User.objects.get(email="ada@nordlake.example")
said = [Fact("custom", key, "Marseille", "hook:geo", now) for key in ("0001", "0002")]
store.say(user.pk, said, now, schema)
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("settings")
    service = Service(folder / "var", "--sandbox").ready()
    apply(service, folder)
    yield service
    service.end()


def apply(service: Service, folder: Path) -> None:
    (folder / "deno").mkdir()
    (folder / "deno" / "geo.ts").write_text(GEO)
    (folder / "burnish.yaml").write_text(CONFIG)
    command = [*BURNISH, "config", "apply", str(folder / "burnish.yaml")]
    subprocess.run([*command, "--data-dir", str(service.data_dir)], check=True, env=environment())


@pytest.fixture(scope="module")
def ada(service: Service, browser: Browser) -> Iterator[Page]:
    """Her phone, signed in; the hook has guessed two things of her."""
    context = browser.new_context(
        base_url=service.url, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto("/signup/")
    sign_up(page, ADDRESS)
    code = letter_to(context.new_page(), ADDRESS)
    page.locator("input[name=code]").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/")
    yield page
    context.close()


def row(page: Page, name: str) -> str:
    """Return what the profile page says of an attribute."""
    return " ".join(page.locator(f"#{name}").inner_text().split())


def test_1_guesses_are_shown_with_their_source(ada: Page) -> None:
    ada.get_by_role("link", name="See and correct your profile").click()

    assert row(ada, "city").startswith("City Lyon Worked out for you by geo")
    assert row(ada, "country").startswith("Country France Worked out for you by geo")
    assert "Verified" in row(ada, "email")


def test_2_nothing_is_wider_than_a_phone(ada: Page) -> None:
    for path in ("/settings/", "/settings/profile/edit/city/", "/settings/profile/"):
        ada.goto(path)
        assert ada.locator("html").bounding_box()["width"] == 390  # type: ignore[index]
        for element in ada.locator("main *:visible").all():
            box = element.bounding_box()
            assert box is None or box["x"] + box["width"] <= 390


def test_3_a_guess_is_corrected_in_two_clicks(ada: Page) -> None:
    ada.get_by_role("link", name="Change City").click()
    expect(ada.get_by_label("City")).to_have_value("Lyon")
    expect(ada.locator("main")).to_contain_text("Why we ask: to show shops near you")
    ada.get_by_label("City").fill("Malmö")
    ada.get_by_role("button", name="Save").click()

    assert row(ada, "city").startswith("City Malmö You told us on")


def test_4_a_guess_is_deleted_by_keyboard_after_one_question(ada: Page) -> None:
    ada.get_by_role("link", name="Delete Country").focus()
    ada.keyboard.press("Enter")
    expect(ada.locator("h1")).to_have_text("Delete Country?")
    expect(ada.locator("main")).to_contain_text("you do not want it from geo")
    ada.get_by_role("button", name="Delete").focus()
    ada.keyboard.press("Enter")

    expect(ada.get_by_role("status")).to_contain_text("geo will not fill it in again")


def test_5_the_same_source_says_both_again_and_is_not_heard(ada: Page, service: Service) -> None:
    subprocess.run(
        [sys.executable, "-c", SAY_AGAIN],
        check=True,
        env=environment(BURNISH_DATA_DIR=str(service.data_dir)),
    )

    ada.goto("/settings/profile/")

    assert row(ada, "city").startswith("City Malmö You told us on")
    assert row(ada, "country").startswith("Country You deleted this")
    ada.get_by_text("What else was said").click()
    assert "Lyon. Worked out for you by geo" in row(ada, "city")


def test_6_a_link_leads_to_nothing_she_may_not_change(ada: Page) -> None:
    assert (forbidden := ada.goto("/settings/profile/edit/name/"))
    assert forbidden.status == 404
    expect(ada.locator("h1")).to_have_text("There is nothing here")


def test_7_the_log_tells_no_value(service: Service) -> None:
    assert "path=/settings/profile/" in service.log
    for value in ("Lyon", "Malm", "Marseille", "France", ADDRESS):
        assert value not in service.log
