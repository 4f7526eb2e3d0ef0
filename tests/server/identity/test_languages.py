"""People are spoken to in their language: pages, mails, text messages."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import URLResolver, get_resolver
from tests.house import words
from tests.server.identity.ways import NUMBER, PASSWORD, turn_on

from burnish.attributes.access import OPEN
from burnish.oauth.client import Client as Entry
from burnish.profiles.fact import Fact
from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry as AuditEntry
from burnish_server.identity.flows import administrator, on_behalf
from burnish_server.identity.models import Sms, User
from burnish_server.identity.oidc import clients
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute

ADDRESS = "ada@nordlake.example"
ELSEWHERE = ("portal/", "api/", "graphql", "_api/", "_allauth/", "sandbox/", "health/", "language/")
"""Doors of administrators and programs, and the pages of whoever sets the service up."""

SAME = {"English", "Deutsch", "Français", "Burnish", "Code", ADDRESS, "ada"}
"""What is the same in every language; as are the words that a catalogue says are."""

WITH_NAMES = [
    "/settings/profile/edit/birthdate/",
    "/settings/profile/edit/address/",
    "/settings/profile/edit/city/",
    "/settings/profile/edit/tags/",
    "/settings/profile/edit/fan/",
    "/settings/profile/delete/city/",
    "/signup/?with=phone",
    "/signup/?with=username",
    "/login/code/?with=phone",
    "/settings/nowhere/",
    "/oauth2/authorize?client_id=nobody",
    "/oauth2/device?user_code=AAAA-AAAA",
]


def without_names(patterns: Any, before: str = "/") -> Iterator[str]:
    """Return the addresses of the URL conf that name nothing, those of people's pages."""
    for one in patterns:
        route = str(one.pattern)
        if before == "/" and route.startswith(ELSEWHERE):
            continue
        if isinstance(one, URLResolver):
            yield from without_names(one.url_patterns, before + route)
        elif not re.search(r"[<(\\]", before + route):
            yield before + route.strip("^$")


def parts(page: str) -> set[str]:
    """Return each text of a page that somebody reads or hears."""
    page = re.sub(r"<(script|style|svg|textarea|option)\b.*?</\1>", " ", page, flags=re.DOTALL)
    heard = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', page)
    found = (" ".join(unescape(text).split()) for text in (*re.split(r"<[^>]*>", page), *heard))
    found = (text.removesuffix(" · Burnish") for text in found)
    return {text for text in found if re.search(r"[A-Za-z]{2}", text)}


def unchanged(language: str) -> set[str]:
    """Return our words that are the same in a language as in English."""
    catalogue = words.catalogue(language)
    return {str(one.id) for one in catalogue if one.id and one.id == one.string}


@pytest.fixture
def ada(settings: Any, attribute: Callable[..., CustomAttribute]) -> Client:
    """Somebody of whom all kinds of things are known, where all is turned on."""
    turn_on(settings, methods=("email", "phone", "username"))
    administrator.create(ADDRESS, PASSWORD)
    user = User.objects.get()
    User.objects.update(username="ada", phone_number=NUMBER, phone_number_verified=True)
    city = attribute("city", access=OPEN.model_dump())
    attribute("tags", type="string_list", access=OPEN.model_dump())
    attribute("fan", type="boolean", access=OPEN.model_dump())
    now = user.created_at
    facts = [
        Fact("custom", city.pk, "Lyon", "provider:ipinfo", now, confidence=0.6),
        Fact("standard", "gender", "x", "user", now),
        Fact("standard", "address", {"country": "SE"}, "admin", now),
    ]
    store.say(user.pk, facts, now, store.schema())
    client = Client()
    client.post("/login/", {"login": ADDRESS, "password": PASSWORD})
    client.post("/reauthenticate/", {"password": PASSWORD})
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return client


def both(client: Client, address: str, language: str) -> tuple[str, str]:
    """Return a page in English, and in another language."""
    pages = [client.get(address, headers={"accept-language": tag}) for tag in ("en", language)]
    html = [str(page.headers.get("Content-Type", "")).startswith("text/html") for page in pages]
    return (pages[0].content.decode(), pages[1].content.decode()) if all(html) else ("", "")


@pytest.mark.parametrize("language", ["de", "fr"])
def test_no_word_of_any_page_stays_english(ada: Client, language: str) -> None:
    known = SAME | unchanged(language) | {"Lyon", "City", "Tags", "Fan", "ipinfo"}
    seen = 0
    left: dict[str, set[str]] = {}

    def look(client: Client, address: str) -> int:
        first, second = both(client, address, language)
        if first:
            assert f'<html lang="{language}">' in second, address
            if same := (parts(first) & parts(second)) - known:
                left[address] = same
        return bool(first)

    addresses = {*without_names(get_resolver().url_patterns), *WITH_NAMES}
    for client in (ada, Client()):
        for address in sorted(addresses - {"/logout/"}):
            seen += look(client, address)
    key = Authenticator.objects.create(
        user=User.objects.get(), type="webauthn", data={"name": "ada", "credential": {}}
    )
    for address in ("", f"keys/{key.pk}/edit/", f"keys/{key.pk}/remove/"):
        seen += look(ada, f"/2fa/webauthn/{address}")
    seen += look(ada, "/logout/")

    assert seen > 60
    assert left == {}


def test_somebody_an_app_sends_signs_up_in_the_language_it_asks_for(
    client: Client, transactional_db: None, app: str
) -> None:
    asked = {
        "client_id": app,
        "redirect_uri": "https://app.example/back",
        "response_type": "code",
        "scope": "openid",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
        "ui_locales": "sv de-AT en",
    }
    english = {"accept-language": "en"}

    login = client.get("/oauth2/authorize", asked, headers=english, follow=True)
    sign_up = client.get("/signup/", headers=english)
    client.post("/signup/", {"email": ADDRESS, "password1": PASSWORD}, headers=english)

    assert "Neu hier?" in login.content.decode()
    assert "Erstellen Sie Ihr Konto" in sign_up.content.decode()
    assert mail.outbox[0].subject == "Bitte bestätigen Sie Ihre E-Mail-Adresse"
    assert "Ihr Code steht unten." in str(mail.outbox[0].body)


def test_what_somebody_chooses_goes_before_what_app_and_browser_say(
    client: Client, db: None
) -> None:
    address = "/login/?ui_locales=de"

    page = client.get(address, headers={"accept-language": "de"})
    back = client.post("/language/", {"language": "fr", "next": address})
    chosen = client.get(address, headers={"accept-language": "de"})
    nonsense = client.get("/login/?ui_locales=%00+x-klingon", headers={"accept-language": "tlh"})

    assert "Neu hier?" in page.content.decode()
    assert back.headers["Location"] == address
    assert "Nouveau ici" in chosen.content.decode()
    assert "Nouveau ici" in nonsense.content.decode()


def test_whoever_is_signed_in_reads_the_language_of_their_profile(ada: Client) -> None:
    user = User.objects.get()
    fact = Fact("standard", "locale", "fr-CH", "user", user.created_at)
    store.say(user.pk, [fact], user.created_at, store.schema())

    page = ada.get("/settings/", headers={"accept-language": "de"})

    assert page.headers["Content-Language"] == "fr"
    assert "Vos applications" in page.content.decode()


def test_mails_and_messages_are_in_the_language_of_whoever_gets_them(
    ada: Client, client: Client
) -> None:
    user = User.objects.get()
    fact = Fact("standard", "locale", "fr", "user", user.created_at)
    store.say(user.pk, [fact], user.created_at, store.schema())
    mail.outbox.clear()
    german = {"accept-language": "de"}

    client.post("/login/code/", {"email": ADDRESS}, headers=german)
    Client().post("/login/code/?with=phone", {"phone": NUMBER}, headers=german)
    on_behalf.mail_password(user, PASSWORD)

    subjects = [one.subject for one in mail.outbox]
    assert subjects == ["Code de connexion", "Votre mot de passe"]
    message = Sms.objects.get(is_silent=False)
    assert message.language == "fr"
    assert "est votre code." in message.text


def test_what_is_wrong_with_a_value_is_said_in_the_readers_language(ada: Client) -> None:
    page = ada.post(
        "/settings/profile/edit/zoneinfo/",
        {"value": "Lyon", "version": store.of(User.objects.get().pk).version},
        headers={"accept-language": "de"},
    )

    assert "Muss eine Zeitzone der IANA sein" in page.content.decode()


@pytest.mark.parametrize("address", ["/portal/", "/api/v1/users"])
def test_doors_of_administrators_stay_english(client: Client, db: None, address: str) -> None:
    page = client.get(address, headers={"accept-language": "de"}, follow=False)

    assert page.headers.get("Content-Language", "en") == "en"


@pytest.fixture
def app(transactional_db: None) -> str:
    """An app that sends people here, by its client ID."""
    entry = Entry.model_validate(
        {
            "name": "Shop",
            "client_id": "shop",
            "x_application_type": "spa",
            "redirect_uris": ["https://app.example/back"],
        }
    )
    clients.create(entry, Actor(AuditEntry.Door.CLI, "tests"))
    return entry.client_id
