"""Somebody signs in with a passkey, and hooks hear of it as of any other way in."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import PASSWORD, Service, eventually, letter_to, sign_up

pytestmark = pytest.mark.browser

ADDRESS = "ada@nordlake.example"
CONFIG = """
hook:
  blocking_handlers:
    - {event: authentication.post_identified, url: "authgeardeno:///deno/who.ts"}
    - {event: authentication.pre_authenticated, url: "authgeardeno:///deno/how.ts"}
  non_blocking_handlers:
    - {events: [user.authenticated], url: "authgeardeno:///deno/told.ts"}
"""
SCRIPTS = {
    "who": "export default (e) => {"
    " console.log(e.payload.identification.identification); return { is_allowed: true }; };",
    "how": "export default (e) => {"
    " console.log(e.payload.authentication_context.amr.join()); return { is_allowed: true }; };",
    "told": "export default (e) => { console.log(e.payload.session.amr.join()); };",
}


@pytest.fixture
def service(
    serve: Callable[..., Service], run: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> Service:
    service = serve("--sandbox").ready()
    (tmp_path / "deno").mkdir()
    for name, script in SCRIPTS.items():
        (tmp_path / f"deno/{name}.ts").write_text(script)
    (tmp_path / "burnish.yaml").write_text(CONFIG)
    words = ("config", "apply", str(tmp_path / "burnish.yaml"))
    applied = run(*words, "--data-dir", str(service.data_dir))
    assert applied.returncode == 0, applied.stderr
    return service


@pytest.fixture
def ada(service: Service, browser: Browser) -> Page:
    """Somebody signed in, with a device that keeps passkeys: those need a name, not an address."""
    context = browser.new_context(base_url=f"http://localhost:{service.port}")
    page = context.new_page()
    page.goto("/signup/")
    sign_up(page, ADDRESS)
    page.locator("input[name=code]").fill(letter_to(context.new_page(), ADDRESS))
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/")
    page.bring_to_front()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def test_a_passkey_is_added_signs_in_and_hooks_hear_of_it(
    service: Service, run: Callable[..., CompletedProcess[str]], ada: Page
) -> None:
    def consoles(hook: str) -> list[str]:
        words = ("hooks", "log", "--hook", hook, "--json", "--data-dir", str(service.data_dir))
        return [json.loads(line)["console"].strip() for line in run(*words).stdout.splitlines()]

    ada.goto("/2fa/webauthn/add/")
    ada.locator("input[name=password]").fill(PASSWORD)
    ada.keyboard.press("Enter")
    ada.wait_for_url("**/2fa/webauthn/add/")
    ada.locator("input[name=name]").fill("Phone")
    ada.locator("input[name=passwordless]").check()
    ada.locator("#mfa_webauthn_add").click()
    ada.wait_for_url(re.compile("/2fa/(?!webauthn/add)"))
    ada.goto("/logout/")
    ada.locator("main form button").first.click()
    ada.wait_for_load_state()

    ada.goto("/login/")
    ada.get_by_role("button", name="Sign in with a passkey").click()
    ada.wait_for_url("**/settings/")

    assert consoles("who")[-1] == "passkey"
    assert consoles("how")[-1] == "mfa,x_passkey"
    assert eventually(lambda: "mfa,x_passkey" in consoles("told"), within=10)
