"""Every page allauth has for people is one of ours: our words, our design, and nothing unstyled."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.template.loader import get_template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.server.identity.conftest import text
from tests.server.identity.test_pages import assert_told_without_sight
from tests.server.identity.ways import PASSWORD, turn_on

from burnish_server.identity.flows import administrator
from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "ada@nordlake.example"
PAGES = [
    "/2fa/",
    "/2fa/totp/activate/",
    "/2fa/webauthn/",
    "/2fa/webauthn/add/",
    "/phone/change/",
    "/username/change/",
    "/username/remove/",
    "/settings/sessions/",
    "/reauthenticate/",
]
ENTRANCES = [
    "/signup/?with=phone",
    "/signup/?with=username",
    "/signup/passkey/",
    "/login/",
    "/login/code/",
    "/login/code/?with=phone",
]


@pytest.fixture
def ada(settings: Any) -> Client:
    """Somebody with a username who just proved who they are, where all is turned on."""
    turn_on(settings, methods=("email", "phone", "username"))
    administrator.create(ADDRESS, PASSWORD)
    User.objects.update(username="ada")
    client = Client()
    client.post("/login/", {"login": ADDRESS, "password": PASSWORD})
    client.post("/reauthenticate/", {"password": PASSWORD})
    return client


def code(secret: str) -> str:
    """Return what an app shows at this moment (RFC 6238)."""
    return f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06d}"


@pytest.mark.parametrize("address", PAGES)
def test_the_page_of_somebody_signed_in_is_told_without_sight(ada: Client, address: str) -> None:
    response = ada.get(address)

    assert response.status_code == 200
    assert_told_without_sight(response.content.decode())


@pytest.mark.parametrize("address", ENTRANCES)
def test_an_entrance_is_told_without_sight(client: Client, settings: Any, address: str) -> None:
    turn_on(settings, methods=("email", "phone", "username"))

    response = client.get(address)

    assert response.status_code == 200
    assert_told_without_sight(response.content.decode())


def test_an_app_is_set_up_signs_in_and_its_codes_are_shown_and_made_anew(ada: Client) -> None:
    page = ada.get("/2fa/totp/activate/")
    secret = page.context["form"].secret
    done = ada.post("/2fa/totp/activate/", {"code": code(secret)}, follow=True)
    assert_told_without_sight(done.content.decode())
    assert "Keep these codes" in text(done)
    assert "10 codes are left" in text(ada.get("/2fa/"))
    for address in (
        "/2fa/recovery-codes/generate/",
        "/2fa/totp/deactivate/",
        "/2fa/reauthenticate/",
    ):
        assert_told_without_sight(ada.get(address).content.decode())

    other = Client()
    asked = other.post("/login/", {"login": ADDRESS, "password": PASSWORD}, follow=True)
    assert_told_without_sight(asked.content.decode())
    spare = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    other.post("/2fa/authenticate/", {"code": spare})
    assert other.get("/settings/").status_code == 200


def test_a_wrong_code_of_an_app_lets_nobody_in(ada: Client) -> None:
    TOTP.activate(User.objects.get(), generate_totp_secret())
    other = Client()
    other.post("/login/", {"login": ADDRESS, "password": PASSWORD})

    page = other.post("/2fa/authenticate/", {"code": "nonsense"})

    assert page.status_code == 200
    assert other.get("/settings/").status_code == 302


def test_keys_are_listed_renamed_and_removed(ada: Client) -> None:
    key = Authenticator.objects.create(
        user=User.objects.get(), type="webauthn", data={"name": "Old phone", "credential": {}}
    )
    for address in ("", f"keys/{key.pk}/edit/", f"keys/{key.pk}/remove/"):
        page = ada.get(f"/2fa/webauthn/{address}")
        assert_told_without_sight(page.content.decode())

    ada.post(f"/2fa/webauthn/keys/{key.pk}/edit/", {"name": "New phone"})
    assert "New phone" in text(ada.get("/2fa/webauthn/"))
    ada.post(f"/2fa/webauthn/keys/{key.pk}/remove/")
    assert not Authenticator.objects.filter(pk=key.pk).exists()


def templates(patterns: Any) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from templates(one.url_patterns)
        elif isinstance(one, URLPattern):
            view = getattr(one.callback, "view_class", None)
            name = getattr(view, "template_name", None)
            if name and view.__module__.startswith(("allauth.account", "allauth.mfa")):
                yield name


def test_no_page_of_allauth_that_can_be_reached_is_as_allauth_brings_it() -> None:
    names = {name for name in templates(get_resolver().url_patterns) if name.endswith(".html")}
    foreign = {name for name in names if "/allauth/" in str(get_template(name).origin)}

    assert len(names) > 20
    assert foreign == set()


def test_all_that_pages_say_can_be_said_in_another_language() -> None:
    home = Path(str(get_template("identity/settings.html").origin)).parent.parent
    said = re.compile(r">\s*([A-Z][a-z]+(?: [a-z]+)*[.?]?)\s*<")
    marked = re.compile(r"(?s){% blocktrans.*?{% endblocktrans\w* %}")
    bare = [
        (file.name, words)
        for file in home.rglob("*.html")
        for words in said.findall(marked.sub("", file.read_text()))
    ]

    assert bare == [("wordmark.html", "Burnish")]
