"""An administrator sets enrichment up in the portal, and sees it at work, in a browser."""

import re
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import BURNISH, Service, environment, sign_up

pytestmark = pytest.mark.browser

KEY = "sk-canary-key"
EMAIL = "ada@nordlake.example"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("enrichment") / "var", "--sandbox").ready()
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


def go(page: Page, name: str) -> None:
    page.locator("#nav-sidebar").get_by_text(name, exact=True).click()
    page.wait_for_load_state()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()


def test_1_a_provider_is_chosen_from_the_catalogue_and_added_with_its_key(portal: Page) -> None:
    portal.goto("/portal/profiles/customattribute/add/")
    portal.get_by_label("Name", exact=False).first.fill("city")
    save(portal)
    go(portal, "Providers")
    portal.get_by_role("link", name="Add provider").click()
    portal.get_by_role("link", name="Choose ipgeolocation.io").click()
    portal.get_by_label("API key").fill(KEY)
    portal.get_by_label("Budget a day").fill("5")
    save(portal)

    expect(portal.locator("body")).to_contain_text("ipgeolocation was added.")
    expect(portal.locator("body")).to_contain_text("One is kept, and nobody can read it again")
    assert KEY not in portal.content()


def test_2_it_is_tested(portal: Page) -> None:
    portal.get_by_role("link", name="Test", exact=True).click()
    portal.get_by_label("IP address").fill("203.0.113.40")
    portal.get_by_role("button", name="Ask", exact=True).click()

    expect(portal.get_by_role("row", name=re.compile("^city "))).to_contain_text("Mumbai")
    expect(portal.get_by_role("row", name=re.compile("^city "))).to_contain_text("0.8")


def test_3_the_waterfall_of_city_is_set_by_keyboard(portal: Page) -> None:
    go(portal, "Waterfalls")
    portal.get_by_role("link", name="City", exact=True).press("Enter")
    portal.locator("summary", has_text="One more step").first.press("Enter")
    portal.get_by_label("Provider").first.select_option("ipgeolocation")
    portal.get_by_label("Confidence, least").first.fill("0.5")
    portal.get_by_label("Confidence, least").first.press("Enter")
    portal.wait_for_load_state()

    row = portal.get_by_role("row", name=re.compile("^City"))
    expect(row).to_contain_text("ipgeolocation (at least 0.5 sure)")


def test_4_steps_change_places_by_buttons(portal: Page) -> None:
    portal.goto("/portal/enrichment/provider/add/?kind=ipinfo")
    portal.get_by_label("API key").fill("k")
    portal.get_by_label("Product").select_option("legacy")
    save(portal)
    portal.goto("/portal/enrichment/waterfall/city/")
    portal.locator("summary", has_text="One more step").first.click()
    portal.get_by_label("Provider").nth(1).select_option("ipinfo")
    portal.get_by_role("button", name="Move this step down").first.press("Enter")
    save(portal)
    row = portal.get_by_role("row", name=re.compile("^City"))
    expect(row).to_contain_text("ipinfo, then ipgeolocation")

    portal.goto("/portal/enrichment/waterfall/city/")
    portal.get_by_label("Provider").first.select_option("")
    save(portal)
    expect(portal.get_by_role("row", name=re.compile("^City"))).not_to_contain_text("ipinfo")


def test_5_a_visitor_who_signs_up_has_the_value_with_its_provenance(
    portal: Page, service: Service, browser: Browser
) -> None:
    context = browser.new_context(base_url=service.url)
    visitor = context.new_page()
    visitor.goto("/signup/")
    sign_up(visitor, EMAIL)
    context.close()

    portal.goto("/portal/identity/user/")
    portal.get_by_role("link", name=EMAIL).click()
    line = portal.locator("tr[data-attribute=city]")
    expect(line).to_contain_text("provider:ipgeolocation, 80 % sure")
    expect(line).to_contain_text("fresh until")
    portal.locator("summary", has_text="Sign-up").click()
    expect(portal.locator(".portal-run").first).to_contain_text("found")


def test_6_the_lookup_stands_on_the_dashboard_without_its_value(portal: Page) -> None:
    go(portal, "Overview")

    row = portal.locator("section[aria-labelledby=lookups] tbody tr", has_text=EMAIL)
    expect(row).to_contain_text("ipgeolocation")
    expect(row).to_contain_text("found")
    expect(row).to_contain_text("city")
    expect(
        portal.get_by_role("img", name=re.compile("lookups in the last 24 hours"))
    ).to_be_visible()
    expect(portal.locator("section[aria-labelledby=fills] tr", has_text="City")).to_contain_text(
        "%"
    )


def test_7_the_log_tells_neither_the_key_nor_a_value(service: Service) -> None:
    shown = subprocess.run(
        [*BURNISH, "users", "show", EMAIL, "--json", "--data-dir", str(service.data_dir)],
        check=True,
        capture_output=True,
        text=True,
        env=environment(),
    ).stdout

    city = re.search(r'"city": "([^"]+)"', shown)
    assert city
    assert "path=/portal/enrichment/" in service.log
    for secret in (KEY, city[1], "203.0.113.40", "Mumbai", EMAIL):
        assert secret not in service.log


def test_8_pages_fit_a_phone(portal: Page) -> None:
    portal.set_viewport_size({"width": 390, "height": 800})
    base = "/portal/enrichment"
    for path in (
        f"{base}/lookup/",
        f"{base}/provider/",
        f"{base}/provider/add/",
        f"{base}/provider/ipgeolocation/change/",
        f"{base}/provider/ipgeolocation/try/",
        f"{base}/waterfall/",
        f"{base}/waterfall/city/",
    ):
        portal.goto(path)
        wider = portal.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, path
