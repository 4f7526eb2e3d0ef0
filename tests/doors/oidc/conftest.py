"""What the provider's tests share: apps that send people here, and a person with a browser."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from django.http import HttpResponse
from django.test import Client as Browser
from django.utils import timezone

from burnish.attributes.access import OPEN
from burnish.oauth.client import Client as Entry
from burnish.profiles.fact import Fact
from burnish_server import engine
from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry as AuditEntry
from burnish_server.identity.models import User
from burnish_server.identity.oidc import clients
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute

ACTOR = Actor(AuditEntry.Door.CLI, "tests")
CALLBACK = "https://app.example/callback"
VERIFIER = "v" * 43
FULL = "https://authgear.com/scopes/full-access"
BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSWORD = "sunken-lantern-7"


class Answer(NamedTuple):
    """What a program is answered."""

    status: int
    body: Any
    response: HttpResponse


class App:
    """An app as its client library behaves, and the browser of whoever uses it."""

    def __init__(self, client_id: str, secret: str, browser: Browser) -> None:
        self.client_id = client_id
        self.secret = secret
        self.browser = browser
        self.program = Browser(raise_request_exception=False)

    def request(self, **more: Any) -> dict[str, Any]:
        """Return what the app sends somebody here with; None leaves a parameter out."""
        hashed = hashlib.sha256(VERIFIER.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid offline_access",
            "state": "s1",
            "nonce": "n1",
            "code_challenge": base64.urlsafe_b64encode(hashed).decode().rstrip("="),
            "code_challenge_method": "S256",
            **more,
        }
        return {name: value for name, value in asked.items() if value is not None}

    def authorize(self, **more: Any) -> HttpResponse:
        """Send the person here."""
        return self.browser.get("/oauth2/authorize", self.request(**more))

    def come_back(self, **more: Any) -> dict[str, str]:
        """Send the person here, and return what they come back with."""
        return returned(self.authorize(**more))

    def code(self, **more: Any) -> str:
        """Return a code."""
        return self.come_back(**more)["code"]

    def exchange(self, code: str, **more: Any) -> Answer:
        """Exchange a code for tokens."""
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        return self.token(**{**given, "code_verifier": VERIFIER, **more})

    def refresh(self, refresh_token: str, **more: Any) -> Answer:
        """Exchange a refresh token."""
        return self.token(grant_type="refresh_token", refresh_token=refresh_token, **more)

    def token(self, **given: Any) -> Answer:
        """Ask the token endpoint."""
        return self.post("/oauth2/token", given)

    def post(self, path: str, given: dict[str, Any]) -> Answer:
        """Post a form as the client this is."""
        own = {"client_id": self.client_id, "client_secret": self.secret or None}
        sent = {name: value for name, value in {**own, **given}.items() if value is not None}
        return answer(self.program.post(path, sent))

    def log_in(self, **more: Any) -> Any:
        """Return the tokens of a whole login of somebody who is signed in here."""
        status, body, _ = self.exchange(self.code(**more))
        assert status == 200, body
        return body

    def userinfo(self, access_token: str) -> Answer:
        """Ask who somebody is."""
        headers = {"Authorization": f"Bearer {access_token}"}
        return answer(self.program.get("/oauth2/userinfo", headers=headers))


def answer(response: HttpResponse) -> Answer:
    return Answer(response.status_code, json.loads(response.content or b"null"), response)


def returned(response: HttpResponse) -> dict[str, str]:
    """Return what the address says to which somebody is sent."""
    assert response.status_code == 302, response.content
    return dict(parse_qsl(urlsplit(response["Location"]).query))


def claims(token: str) -> dict[str, Any]:
    """Return what a signed token says, once the published keys have proved it."""
    published = json.loads(Browser().get("/oauth2/jwks").content)["keys"]
    kid = jwt.get_unverified_header(token)["kid"]
    key = next(jwt.PyJWK(key) for key in published if key["kid"] == kid)
    unchecked = {"verify_aud": False}
    said: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"], options=unchecked)
    return said


@pytest.fixture(scope="session", autouse=True)
def _engine() -> Iterator[None]:
    yield
    engine.close()


@pytest.fixture
def ada(db: None) -> User:
    """Somebody with a password, a verified address and a city."""
    user = User(email="ada@nordlake.example")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    city = CustomAttribute.objects.create(pointer="/city", type="string", access=OPEN.model_dump())
    CustomAttribute.objects.create(pointer="/score", type="integer")
    at, schema = timezone.now(), store.schema()
    facts = [
        Fact("standard", "email", user.email, "user", at),
        Fact("standard", "given_name", "Ada", "user", at),
        Fact("standard", "nickname", "canary-hidden", "user", at),
        Fact("custom", city.pk, "Lyon", "user", at),
    ]
    store.say(user.pk, facts, at, schema)
    return user


@pytest.fixture
def browser(client: Browser, ada: User) -> Browser:
    """The browser in which Ada is signed in."""
    client.force_login(ada, backend=BACKEND)
    return client


@pytest.fixture
def register(db: None, client: Browser) -> Callable[..., App]:
    """Register an app: `register("spa")`, `register("confidential", client_id="shop")`."""

    def made(kind: str = "spa", client_id: str = "app", **more: Any) -> App:
        if kind != "m2m":
            more = {"redirect_uris": [CALLBACK], **more}
        entry = Entry.model_validate({"client_id": client_id, "x_application_type": kind, **more})
        return App(client_id, clients.create(entry, ACTOR), client)

    return made
