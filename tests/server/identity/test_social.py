"""Somebody a social provider vouches for signs up like everybody else: hooks first."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from burnish_server.hooks.models import Event, Hook
from burnish_server.identity.models import User
from burnish_server.profiles import store

pytestmark = pytest.mark.django_db(transaction=True)

CLAIMS = {
    "sub": "42",
    "email": "ada@acme.example",
    "email_verified": True,
    "given_name": "Ada",
    "family_name": "Brand",
}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Acme(BaseHTTPRequestHandler):
    """An OpenID provider that vouches for Ada."""

    def do_GET(self) -> None:
        base = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        answers = {
            "/.well-known/openid-configuration": {
                "issuer": base,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "jwks_uri": f"{base}/jwks",
                "userinfo_endpoint": f"{base}/userinfo",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
            "/jwks": {"keys": [key | {"kid": "one", "use": "sig", "alg": "RS256"}]},
            "/userinfo": CLAIMS,
        }
        self.answer(answers[self.path])

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        base = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        now = int(time.time())
        claims = CLAIMS | {"iss": base, "aud": "burnish", "iat": now, "exp": now + 60}
        assert form["code"] == ["c0de"]
        token = jwt.encode(claims, KEY, "RS256", {"kid": "one"})
        self.answer({"access_token": "t", "token_type": "Bearer", "id_token": token})

    def answer(self, body: object) -> None:
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def acme(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Acme)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    app = {
        "provider_id": "acme",
        "name": "Acme",
        "client_id": "burnish",
        "secret": "s3cret",
        "settings": {"server_url": f"http://127.0.0.1:{server.server_port}"},
    }
    monkeypatch.setattr(settings, "SOCIALACCOUNT_PROVIDERS", {"openid_connect": {"APPS": [app]}})
    yield
    server.shutdown()
    thread.join(5)
    server.server_close()


def come_in(client: Client) -> HttpResponse:
    """Press the provider's button, and come back from it."""
    sent = client.post(reverse("openid_connect_login", args=["acme"]))
    state = parse_qs(urlsplit(sent["Location"]).query)["state"][0]
    back = reverse("openid_connect_callback", args=["acme"])
    return client.get(back, {"code": "c0de", "state": state})


def test_the_login_page_names_the_provider(acme: None, client: Client) -> None:
    assert "Acme" in client.get("/login/").content.decode()


def test_a_social_sign_up_is_put_before_the_hooks_and_filled_in(
    acme: None, client: Client, hook: Callable[..., Hook]
) -> None:
    hook(
        "greet",
        "export default (e) => ({is_allowed: true, mutations: {user: {standard_attributes:"
        " {...e.payload.user.standard_attributes, nickname: e.payload.identities[0].type}}}});",
    )

    come_in(client)

    user = User.objects.get()
    assert "_auth_user_id" in client.session
    profile = store.of(user.pk)
    assert profile.standard["given_name"] == "Ada"
    assert profile.standard["nickname"] == "oauth"
    assert profile.facts["standard"]["given_name"].keys() == {"social:acme"}
    asked = Event.objects.get(type="user.pre_create").payload["identities"][0]["claims"]
    assert asked["https://authgear.com/claims/oauth/provider_alias"] == "acme"
    assert asked["https://authgear.com/claims/oauth/subject_id"] == "42"
    told = set(Event.objects.values_list("type", flat=True))
    assert {"user.created", "user.authenticated"} <= told


def test_a_hook_that_refuses_leaves_nothing(
    acme: None, client: Client, hook: Callable[..., Hook]
) -> None:
    hook("no", "export default () => ({is_allowed: false, reason: 'staff only'});")

    page = come_in(client)

    assert "staff only" in page.content.decode()
    assert not User.objects.exists()
    assert "_auth_user_id" not in client.session


def test_who_comes_again_is_the_same_user(acme: None, client: Client) -> None:
    come_in(client)
    come_in(Client())

    assert User.objects.count() == 1
    assert Event.objects.filter(type="user.created").count() == 1
    assert Event.objects.filter(type="user.authenticated").count() == 2
