"""The JavaScript clients are there, in Node and in a browser."""

import pytest
from playwright.sync_api import Browser
from tests.doors.clients.javascript import bundled, in_node

CLIENTS = """
import authgear from "@authgear/web";
import { UserManager } from "oidc-client-ts";
window.found = [typeof authgear.configure, typeof UserManager.prototype.signinRedirect];
"""


def test_node_imports_a_client_and_reads_its_arguments() -> None:
    said = in_node(
        'import { discovery } from "openid-client";\n'
        "console.log(typeof discovery, process.argv[2]);",
        "http://login.example",
    )

    assert said == "function http://login.example\n"


@pytest.mark.browser
def test_clients_run_in_a_browser_as_one_script(chromium: Browser) -> None:
    script = bundled(CLIENTS)

    page = chromium.new_page()
    page.add_script_tag(content=script)
    found = page.evaluate("window.found")
    page.close()

    assert found == ["function", "function"]
