"""Programs come in by a key, and may do what its scopes say."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.doors.api.conftest import Program
from tests.server.enrichment.conftest import ACTOR

from burnish_server.api_keys import store
from burnish_server.api_keys.models import ApiKey
from burnish_server.audit.models import Entry
from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db

Make = Callable[..., tuple[ApiKey, str]]


@pytest.fixture
def path() -> str:
    return f"/api/v1/users/{User.objects.create(email='ada@nordlake.example').pk}/enrich"


def test_a_key_is_stored_as_a_hash_only(key: Make) -> None:
    row, text = key()

    prefix, secret = text.removeprefix("bk_").split("_", 1)
    stored = str(ApiKey.objects.values().get())
    assert len(secret) == 43
    assert row.prefix == prefix
    assert secret not in stored
    assert secret not in str(Entry.objects.values().get())
    assert store.find(text) == row


def test_a_key_with_the_scope_comes_in_and_its_use_is_noted(key: Make, path: str) -> None:
    row, text = key()

    answer = Program(text).get(path)

    assert answer.status == 200
    row.refresh_from_db()
    assert row.last_used_at is not None


def test_its_use_is_not_written_at_every_request(key: Make, path: str) -> None:
    program = Program(key()[1])

    program.get(path)
    first = ApiKey.objects.get().last_used_at
    program.get(path)
    second = ApiKey.objects.get().last_used_at
    ApiKey.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    program.get(path)

    assert first == second
    assert ApiKey.objects.get().last_used_at >= first


@pytest.mark.parametrize("kind", ["none", "empty", "basic", "short", "long", "wrong", "foreign"])
def test_nobody_comes_in_without_a_key(key: Make, path: str, kind: str) -> None:
    _, text = key()
    keys = {
        "none": None,
        "empty": "",
        "basic": text,
        "short": text[:-1],
        "long": f"{text}a",
        "wrong": text[:-4] + "AAAA",
        "foreign": f"bk_zzzzzzzz_{text[-43:]}",
    }
    program = Program(keys[kind])
    if kind == "basic":
        program.headers = {"Authorization": f"Basic {text}"}

    answer = program.post(path)

    status, code, _ = answer.problem
    assert (status, code) == (401, "unauthorized")
    assert answer.response["WWW-Authenticate"] == "Bearer"
    assert text[-20:] not in answer.response.content.decode()


def test_a_revoked_key_does_not_come_in(key: Make, path: str) -> None:
    _, text = key()

    store.revoke("crm-sync", ACTOR)

    assert Program(text).get(path).problem[:2] == (401, "unauthorized")


def test_a_key_without_the_scope_is_told_which_it_lacks(key: Make, path: str) -> None:
    row, text = key()
    ApiKey.objects.filter(pk=row.pk).update(scopes=["users:read"])

    answer = Program(text).post(path)

    assert answer.problem == (
        403,
        "insufficient_scope",
        "This API key lacks the scope users:enrich.",
    )


def test_who_has_no_key_does_not_learn_who_exists(path: str) -> None:
    program = Program(None)

    known, unknown = program.get(path), program.get(f"/api/v1/users/{uuid4()}/enrich")

    assert known.body == unknown.body


def test_a_name_is_free_again_when_its_key_was_revoked(key: Make) -> None:
    key("crm")
    with pytest.raises(store.UnfitKey, match="There is a key crm already"):
        key("crm")
    store.revoke("crm", ACTOR)

    assert key("crm")[0].name == "crm"
    assert ApiKey.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "scopes", "words"),
    [
        ("crm", [], "Say what the key may do"),
        ("crm", ["users:fly"], "There is no scope users:fly"),
        ("", ["users:enrich"], "Name the key"),
        ("x" * 81, ["users:enrich"], "Name the key"),
        ("\x1b[2J", ["users:enrich"], "Name the key"),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(name: str, scopes: list[str], words: str) -> None:
    with pytest.raises(store.UnfitKey, match=words):
        store.create(name, scopes, ACTOR)

    assert not ApiKey.objects.exists()
