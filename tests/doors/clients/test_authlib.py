"""Authlib signs people in for a Flask app."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session, url_for
from playwright.sync_api import Page
from tests.doors.clients.conftest import ADA, burnish, registered
from tests.journeys.conftest import Service, free_port
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

pytestmark = pytest.mark.browser


def shop(issuer: str, secret: str) -> Flask:
    """Return an app as Authlib's documentation writes one."""
    app = Flask("shop")
    app.secret_key = "only-for-tests"
    oauth = OAuth(app)
    oauth.register(
        "burnish",
        client_id="shop",
        client_secret=secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
    )

    @app.get("/login")
    def login() -> Response:
        answer: Response = oauth.burnish.authorize_redirect(url_for("callback", _external=True))
        return answer

    @app.get("/callback")
    def callback() -> Response:
        token = oauth.burnish.authorize_access_token()
        session["told"] = {"id_token": token["userinfo"], "userinfo": oauth.burnish.userinfo()}
        return redirect("/")

    @app.get("/")
    def home() -> dict[str, Any]:
        told: dict[str, Any] = session.get("told", {})
        return told

    return app


@pytest.fixture
def home(service: Service) -> Iterator[str]:
    port = free_port()
    secret = registered(service, "shop", "confidential", port)
    server = make_server("127.0.0.1", port, shop(service.url, secret), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_flask_app_reads_who_signed_in_and_what_a_hook_filled_in(
    service: Service, ada: Page, home: str
) -> None:
    burnish(service, "users", "set", ADA, "given_name=Ada")

    ada.goto(f"{home}/login")
    ada.wait_for_url(f"{home}/")
    told = ada.request.get(home).json()

    assert told["id_token"]["email"] == ADA
    assert told["id_token"]["given_name"] == "Ada"
    assert told["id_token"]["aud"] == ["shop"]
    assert told["userinfo"]["sub"] == told["id_token"]["sub"]
    assert told["userinfo"]["custom_attributes"] == {"city": "Lyon"}
