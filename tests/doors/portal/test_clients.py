"""Applications > Clients."""

import re
from typing import Any

import pytest
from django.test import Client as Browser
from tests.doors.portal.conftest import text

from burnish_server.audit.models import Entry
from burnish_server.identity.oidc import digest
from burnish_server.identity.oidc.models import Client

pytestmark = pytest.mark.django_db

LIST = "/portal/oidc/client/"


def form(**more: Any) -> dict[str, Any]:
    return {
        "client_id": "shop",
        "name": "",
        "application_type": "confidential",
        "redirect_uris": "https://shop.example/back\nhttps://shop.example/other",
        "post_logout_redirect_uris": "",
        "allowed_origins": "",
        "scopes": "",
        "access_token_lifetime_seconds": "1800",
        "refresh_token_lifetime_seconds": "86400",
        "asks_questions": "on",
        **more,
    }


def test_a_new_app_s_secret_is_shown_once_and_kept_as_a_hash(portal: Browser) -> None:
    made = portal.post(f"{LIST}add/", form())

    page = text(made)
    secret = re.search(r"Client secret (\S{43}) ", page)
    assert secret, page
    client = Client.objects.get()
    assert client.name == "shop"
    assert client.redirect_uris == ["https://shop.example/back", "https://shop.example/other"]
    assert client.secret_digest == digest.of(secret[1])
    assert "Issuer http://testserver" in page
    assert secret[1] not in text(portal.get(f"{LIST}shop/change/"))
    assert secret[1] not in str(list(Entry.objects.values()))


def test_a_new_secret_takes_the_old_one_s_place(portal: Browser) -> None:
    portal.post(f"{LIST}add/", form())
    before = Client.objects.get().secret_digest

    page = text(portal.post(f"{LIST}shop/secret/"))

    assert "Client secret" in page
    assert Client.objects.get().secret_digest != before
    assert Entry.objects.filter(action="secret changed", subject_kind="client").exists()
    assert portal.get(f"{LIST}shop/secret/").status_code == 405


def test_what_could_not_work_is_said_beside_the_field(portal: Browser) -> None:
    page = text(portal.post(f"{LIST}add/", form(redirect_uris="/back", client_id="a b")))

    assert "write the whole address, such as https://app.example/callback" in page
    assert "String should match pattern" in page
    assert not Client.objects.exists()


def test_an_app_is_changed_and_removed_as_by_command(portal: Browser) -> None:
    portal.post(f"{LIST}add/", form(application_type="spa"))

    portal.post(f"{LIST}shop/change/", form(application_type="spa", name="The Shop"))
    assert Client.objects.get().name == "The Shop"
    assert "The Shop" in text(portal.get(LIST))
    portal.post(f"{LIST}shop/delete/", {"post": "yes"})

    assert not Client.objects.exists()
    acts = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert acts == ["added", "changed", "removed"]
