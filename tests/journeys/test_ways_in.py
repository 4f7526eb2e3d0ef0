"""Somebody comes in without an e-mail address: by phone, by passkey, and with an app's code."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PASSWORD, Service

pytestmark = pytest.mark.browser

NUMBER = "+46701740605"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


def message_to(page: Page, number: str, seen: str = "") -> str:
    """Return the code in the newest message to a number, once the worker has sent it."""
    for _ in range(60):
        page.goto("/sandbox/sms/")
        text = page.locator("main").inner_text()
        found = re.search(rf"{re.escape(number)}.*?(\d{{6}}) is your code", text, re.DOTALL)
        if found and found[1] != seen:
            return found[1]
        page.wait_for_timeout(250)
    raise AssertionError(text)


def code_of(secret: str) -> str:
    """Return what an authenticator app shows at this moment (RFC 6238)."""
    return f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06d}"


def sign_out(page: Page) -> None:
    page.goto("/logout/")
    page.locator("main form button").first.click()
    page.wait_for_url("**/login/")


def test_a_phone_number_an_app_and_a_passkey_are_each_enough(
    serve: Callable[..., Service], browser: Browser
) -> None:
    service = serve("--sandbox", BURNISH_LOGIN_METHODS="email,phone,username").ready()
    context = browser.new_context(base_url=f"http://localhost:{service.port}")
    page, inbox = context.new_page(), context.new_page()

    # Phone: the code is in the sandbox's messages.
    page.goto("/signup/")
    page.get_by_role("link", name="Use your phone number instead").click()
    page.get_by_label("Phone number").fill("+46 70-174 06 05")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url("**/phone/verify/")
    first = message_to(inbox, NUMBER)
    page.get_by_label("Code").fill(first)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/settings/")
    expect(page.locator("main")).to_contain_text(NUMBER)

    # Then an app is set up, and asked for at the next login, which a text message begins.
    page.goto("/2fa/totp/activate/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    secret = page.locator("code").inner_text()
    page.get_by_label("code").fill(code_of(secret))
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", name="Keep these codes")).to_be_visible()
    spare = page.locator("pre.codes").inner_text().split()[0]
    sign_out(page)
    page.get_by_role("link", name="Send me a code").click()
    page.get_by_role("link", name="Use your phone number instead").click()
    page.get_by_label("Phone number").fill(NUMBER)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(message_to(inbox, NUMBER, seen=first))
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Code").fill(spare)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/settings/")
    sign_out(page)

    # Somebody else has a passkey and a username, and never a password.
    page.bring_to_front()  # a page without focus may make no passkey
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto("/signup/")
    page.get_by_role("link", name="Use a passkey instead").click()
    page.get_by_role("link", name="Choose a username instead").click()
    page.get_by_label("Username").fill("Ada")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/2fa/webauthn/signup/")
    page.get_by_role("button", name="Make passkey").click()
    page.wait_for_url("**/settings/")
    expect(page.locator("main")).to_contain_text("ada")
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/settings/")
    expect(page.locator("main")).to_contain_text("ada")
