"""oidc-client-ts and Authgear's own SDK sign people in from a page of another origin."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.doors.clients.conftest import ADA, burnish, confirmed, registered, signed_in
from tests.doors.clients.javascript import bundled
from tests.journeys.conftest import Service, free_port

pytestmark = pytest.mark.browser

PAGE = "<!doctype html><title>{title}</title><main></main><script src=/app.js></script>"
MANAGER = """
import { UserManager, WebStorageStateStore } from "oidc-client-ts";
window.manager = new UserManager({
  authority: ISSUER,
  client_id: "spa",
  redirect_uri: `${location.origin}/callback`,
  post_logout_redirect_uri: `${location.origin}/`,
  scope: "openid offline_access email",
  loadUserInfo: true,
  userStore: new WebStorageStateStore({ store: localStorage }),
});
"""
AUTHGEAR = """
import authgear, { Page, PromptOption } from "@authgear/web";
window.authgear = authgear;
window.Settings = Page.Settings;
window.ready = authgear.configure({
  clientID: "sdk", endpoint: ISSUER, sessionType: "refresh_token",
});
window.begin = (page) => authgear.startAuthentication({
  redirectURI: `${location.origin}/callback`, page, prompt: PromptOption.Login, state: "from-here",
});
"""


class App(SimpleHTTPRequestHandler):
    """A page that is the same at every address."""

    def do_GET(self) -> None:
        """Answer with the script or the page."""
        if self.path != "/app.js":
            self.path = "/index.html"
        super().do_GET()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def serving(folder: Path, title: str, source: str, issuer: str, port: int) -> Iterator[str]:
    """Serve a page with a bundled script from a port of its own."""
    (folder / "app.js").write_text(bundled(source.replace("ISSUER", f'"{issuer}"')))
    (folder / "index.html").write_text(PAGE.format(title=title))
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(App, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def spa(service: Service, tmp_path: Path) -> Iterator[str]:
    port = free_port()
    registered(service, "spa", "spa", port)
    yield from serving(tmp_path, "A shop", MANAGER, service.url, port)


@pytest.fixture(scope="module")
def sdk(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    registered(service, "sdk", "spa", port)
    yield from serving(tmp_path_factory.mktemp("sdk"), "A shop", AUTHGEAR, service.url, port)


def test_oidc_client_ts_signs_in_refreshes_and_out(ada: Page, service: Service, spa: str) -> None:
    ada.goto(spa)
    ada.evaluate("() => { manager.signinRedirect(); }")
    ada.wait_for_url(f"{spa}/callback?**")

    user = ada.evaluate("manager.signinRedirectCallback()")
    fresh = ada.evaluate("manager.signinSilent()")

    assert user["profile"]["email"] == ADA
    assert user["profile"]["custom_attributes"] == {"city": "Lyon"}
    assert fresh["access_token"] != user["access_token"]
    assert fresh["refresh_token"] != user["refresh_token"]
    ada.evaluate("() => { manager.signoutRedirect(); }")
    ada.wait_for_url(f"{spa}/")
    ada.goto(f"{service.url}/settings/")
    assert "/login/" in ada.url
    signed_in(ada, ADA)
    ada.wait_for_url("**/settings/")


def test_authgear_s_sdk_signs_up_refreshes_reads_opens_settings_and_logs_out(
    visitor: Page, service: Service, sdk: str
) -> None:
    burnish(service, "roles", "create", "editor")
    visitor.goto(sdk)
    visitor.evaluate("async () => { await ready; begin('signup'); }")
    visitor.wait_for_url("**/signup/**")
    confirmed(visitor, "grace@nordlake.example")
    visitor.wait_for_url(f"{sdk}/callback?**")
    burnish(service, "roles", "assign", "grace@nordlake.example", "editor")

    finished = visitor.evaluate("ready.then(() => authgear.finishAuthentication())")
    first = visitor.evaluate("authgear.accessToken")
    visitor.evaluate("authgear.refreshAccessToken()")
    told = visitor.evaluate("authgear.fetchUserInfo()")

    assert finished["state"] == "from-here"
    assert visitor.evaluate("authgear.sessionState") == "AUTHENTICATED"
    assert visitor.evaluate("authgear.accessToken") != first
    assert told["email"] == "grace@nordlake.example"
    assert told["customAttributes"] == {"city": "Lyon"}
    assert told["isVerified"] is True
    assert told["roles"] == ["editor"]

    visitor.context.clear_cookies()
    with visitor.expect_popup() as opened:
        visitor.evaluate("() => { authgear.open(Settings, { openInSameTab: false }); }")
    opened.value.wait_for_url(f"{service.url}/settings/**")
    opened.value.close()
    visitor.evaluate("authgear.logout({ redirectURI: location.origin })")
    assert visitor.evaluate("authgear.sessionState") == "NO_SESSION"


def test_authgear_s_sdk_signs_in_somebody_who_is_known(visitor: Page, sdk: str) -> None:
    visitor.goto(sdk)
    visitor.evaluate("async () => { await ready; begin('login'); }")
    visitor.wait_for_url("**/login/**")
    signed_in(visitor, "grace@nordlake.example")
    visitor.wait_for_url(f"{sdk}/callback?**")

    told = visitor.evaluate("ready.then(() => authgear.finishAuthentication())")

    assert told["userInfo"]["customAttributes"] == {"city": "Lyon"}
