"""Links lead to the public origin of the settings, whatever a request calls us."""

import re
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db(transaction=True)

ORIGIN = "https://accounts.nordlake.example"
HOSTS = ["accounts.nordlake.example", ".nordlake.example"]


@pytest.fixture
def public(settings: LazySettings) -> None:
    web = settings.BURNISH.web.model_copy(update={"origin": ORIGIN})
    settings.BURNISH = settings.BURNISH.model_copy(update={"web": web})
    settings.ALLOWED_HOSTS = HOSTS


@pytest.fixture
def ada() -> User:
    user = User.objects.create(email="ada@nordlake.example")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    user.set_password("correct horse battery")
    user.save()
    return user


def by_page(client: Client, **headers: str) -> int:
    return client.post("/password/reset/", {"email": "ada@nordlake.example"}, **headers).status_code


def by_headless(client: Client, **headers: str) -> int:
    body = {"email": "ada@nordlake.example"}
    path = "/_allauth/browser/v1/auth/password/request"
    return client.post(path, body, content_type="application/json", **headers).status_code


def by_sign_up(client: Client, **headers: str) -> int:
    body = {"email": "ada@nordlake.example", "password1": "correct horse battery!"}
    return client.post("/signup/", body, **headers).status_code


@pytest.mark.parametrize("door", [by_page, by_headless, by_sign_up])
@pytest.mark.parametrize(
    "host",
    ["accounts.nordlake.example:4444", "other.nordlake.example", "accounts.nordlake.example"],
)
@pytest.mark.parametrize("forwarded", ["", "attacker.example"])
def test_links_in_mails_lead_to_the_public_origin(
    public: None, ada: User, client: Client, door: Callable[..., int], host: str, forwarded: str
) -> None:
    more = {"HTTP_X_FORWARDED_HOST": forwarded} if forwarded else {}

    assert door(client, HTTP_HOST=host, **more) < 400

    links = re.findall(r"https?://[^/\s]+", str(mail.outbox[-1].body))
    assert links
    assert set(links) == {ORIGIN}


@pytest.mark.parametrize("host", ["attacker.example", "127.0.0.1:9999", "attacker.localhost:1"])
def test_another_name_is_not_answered_but_for_probes(
    public: None, client: Client, host: str
) -> None:
    assert client.get("/login/", HTTP_HOST=host).status_code == 400
    assert client.get("/health/", HTTP_HOST=host).content == b"ok"


def test_a_form_is_taken_from_the_public_origin(public: None, ada: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    page = browser.get("/password/reset/", HTTP_HOST="accounts.nordlake.example", secure=True)
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert token
    body = {"email": "ada@nordlake.example", "csrfmiddlewaretoken": token[1]}

    def post(origin: str) -> int:
        told = {"HTTP_ORIGIN": origin, "HTTP_HOST": "accounts.nordlake.example"}
        return browser.post("/password/reset/", body, secure=True, **told).status_code

    assert post(ORIGIN) == 302
    assert post("https://attacker.example") == 403


def test_without_an_origin_the_name_that_was_asked_counts(
    ada: User, client: Client, settings: LazySettings
) -> None:
    settings.ALLOWED_HOSTS = HOSTS

    by_page(client, HTTP_HOST="other.nordlake.example")

    assert "http://other.nordlake.example/" in str(mail.outbox[-1].body)
