"""Secrets of authenticator apps leave only when asked for by name, by a key that may."""

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpResponse
from django.test import Client
from tests.doors.api.test_imports import EXPORT
from tests.server.exports.test_exporting import finish

from burnish_server.api_keys import store as api_keys
from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry
from burnish_server.exports import store
from burnish_server.exports.models import Run
from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db

OURS = "/api/v1/exports"
ADA, ADMIN = "GEZDGNBVGY3TQOJQ", "MFRGGZDFMZTWQ2LK"
COLUMN: Any = {"format": "csv", "csv": {"fields": [{"pointer": "/mfa/totps"}]}}
ACTOR = Actor(Entry.Door.CLI, "tests")


@pytest.fixture(autouse=True)
def _people() -> None:
    for email, secret, is_staff in (("ada", ADA, False), ("root", ADMIN, True)):
        address = f"{email}@people.example"
        user = User.objects.create(email=address, is_staff=is_staff)
        EmailAddress.objects.create(user=user, email=address, primary=True)
        TOTP.activate(user, secret)


def program(*scopes: str) -> Client:
    _, secret = api_keys.create(f"mover-{len(scopes)}", scopes, ACTOR)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def ask(client: Client, place: str, body: Any) -> HttpResponse:
    return client.post(place, json.dumps(body), content_type="application/json")


def written() -> Run:
    return finish(Run.objects.get())


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("format", ["ndjson", "csv"])
def test_a_usual_export_has_no_secrets(format: str) -> None:
    client = program("users:export", "users:secrets")
    ask(client, OURS, {"format": format})

    file = content(client.get(f"{OURS}/{written().pk}/file"))

    assert b"disabled" in file
    assert ADA.encode() not in file


def test_an_export_that_names_secrets_has_those_of_users_and_of_no_administrator() -> None:
    client = program("users:export", "users:secrets")
    ask(client, OURS, {"secrets": True})

    file = content(client.get(f"{OURS}/{written().pk}/file"))

    assert ADA.encode() in file
    assert b"root@people.example" in file
    assert ADMIN.encode() not in file


def test_a_key_without_the_scope_neither_begins_nor_downloads_one() -> None:
    without = program("users:export")
    begun = ask(without, OURS, {"secrets": True})
    assert (begun.status_code, begun.json()["code"]) == (403, "insufficient_scope")
    assert not Run.objects.exists()

    ask(program("users:export", "users:secrets"), OURS, {"secrets": True})

    assert without.get(f"{OURS}/{written().pk}/file").status_code == 403


def test_no_program_downloads_what_the_command_line_wrote() -> None:
    run = finish(store.create("ndjson", None, ACTOR, secrets=Run.Secrets.ALL, work=False))

    answer = program("users:export", "users:secrets").get(f"{OURS}/{run.pk}/file")

    assert (answer.status_code, answer.json()["code"]) == (403, "export_not_for_programs")


def test_a_column_of_secrets_needs_them_named() -> None:
    client = program("users:export", "users:secrets")

    answer = ask(client, OURS, {"format": "csv", "columns": [{"pointer": "/mfa/totps"}]})

    assert (answer.status_code, answer.json()["code"]) == (422, "export_secrets_not_asked")


def test_at_the_contract_s_address_a_named_column_asks_for_secrets() -> None:
    client = program("users:export", "users:secrets")
    begun = ask(client, EXPORT, COLUMN).json()["result"]
    written()

    link = client.get(f"{EXPORT}/{begun['id']}").json()["result"]["download_url"]
    file = content(Client().get(link.removeprefix("http://testserver")))

    assert ADA.encode() in file
    assert ADMIN.encode() not in file


def test_at_the_contract_s_address_the_scope_is_needed_to_begin_and_to_read() -> None:
    without = program("users:export")
    refused = ask(without, EXPORT, COLUMN)
    assert (refused.status_code, refused.json()["error"]["reason"]) == (403, "InsufficientScope")
    begun = ask(program("users:export", "users:secrets"), EXPORT, COLUMN).json()["result"]
    written()

    assert without.get(f"{EXPORT}/{begun['id']}").status_code == 403
