"""openid-client signs people in for a Node app: code flow, refresh, revocation, programs."""

import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from tests.doors.clients.conftest import ADA, burnish, registered
from tests.doors.clients.javascript import HERE, NODE, in_node
from tests.journeys.conftest import Service, free_port

pytestmark = pytest.mark.browser

APP = """
import http from "node:http";
import * as client from "openid-client";

const [issuer, port, id, secret] = process.argv.slice(2);
const insecure = { execute: [client.allowInsecureRequests] };
const config = await client.discovery(new URL(issuer), id, secret, undefined, insecure);
const redirect_uri = `http://127.0.0.1:${port}/callback`;
const code_verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();

const ask = async () =>
  client.buildAuthorizationUrl(config, {
    redirect_uri,
    scope: "openid offline_access email",
    code_challenge: await client.calculatePKCECodeChallenge(code_verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });

const answer = async (url) => {
  const checks = { pkceCodeVerifier: code_verifier, expectedState: state, expectedNonce: nonce };
  const tokens = await client.authorizationCodeGrant(config, url, checks);
  const claims = tokens.claims();
  const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
  const userinfo = await client.fetchUserInfo(config, fresh.access_token, claims.sub);
  await client.tokenRevocation(config, fresh.refresh_token);
  const late = await client.refreshTokenGrant(config, fresh.refresh_token).catch((e) => e.error);
  const gone = await client.fetchUserInfo(config, fresh.access_token, claims.sub)
    .catch((e) => e.status ?? e.cause?.[0]?.status ?? e.cause?.status ?? e.message);
  return { claims, userinfo, type: fresh.token_type, late, gone };
};

http.createServer(async (request, response) => {
  const url = new URL(request.url, redirect_uri);
  try {
    if (url.pathname === "/login") {
      response.writeHead(302, { location: (await ask()).href }).end();
    } else if (url.pathname === "/callback") {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(await answer(url)));
    } else {
      response.end("a shop");
    }
  } catch (error) {
    response.writeHead(500).end(`${error.stack} ${JSON.stringify(error.cause ?? null)}`);
  }
}).listen(Number(port), "127.0.0.1", () => console.log("listening"));
"""


@pytest.fixture
def home(service: Service) -> Iterator[str]:
    port = free_port()
    registered(service, "node-shop", "traditional_webapp", port)
    command = [str(NODE), "--input-type=module", "-", service.url, str(port), "node-shop"]
    app = subprocess.Popen(
        command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert app.stdin is not None
    assert app.stdout is not None
    app.stdin.write(APP)
    app.stdin.close()
    assert app.stdout.readline() == "listening\n"
    yield f"http://127.0.0.1:{port}"
    app.terminate()
    app.stdout.close()
    app.wait(10)


def test_a_node_app_signs_in_refreshes_reads_and_revokes(ada: Page, home: str) -> None:
    ada.goto(f"{home}/login")
    answer = ada.evaluate("document.body.innerText")
    told = ada.evaluate("JSON.parse(document.body.innerText)") if answer[:1] == "{" else answer

    assert told["userinfo"]["email"] == ADA, told
    assert told["userinfo"]["sub"] == told["claims"]["sub"]
    assert told["userinfo"]["custom_attributes"] == {"city": "Lyon"}
    assert told["type"] == "bearer"  # the client's way of saying it
    assert told["late"] == "invalid_grant"
    assert told["gone"] == 401


def test_a_program_signs_in_for_itself(service: Service) -> None:
    words = ("clients", "create", "nightly", "--type", "m2m", "--scope", "orders:read")
    secret = burnish(service, *words)
    source = """
    import * as client from "openid-client";
    const [issuer, id, secret] = process.argv.slice(2);
    const config = await client.discovery(
      new URL(issuer), id, secret, undefined, { execute: [client.allowInsecureRequests] },
    );
    const tokens = await client.clientCredentialsGrant(config, { scope: "orders:read" });
    console.log(tokens.token_type, tokens.expires_in > 0, typeof tokens.access_token);
    """

    assert in_node(source, service.url, "nightly", secret) == "bearer true string\n"
