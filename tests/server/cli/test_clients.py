"""`burnish clients` and `burnish keys`."""

import json
from collections.abc import Callable

import pytest
from tests.server.cli.conftest import Ended

from burnish_server.audit.models import Entry
from burnish_server.identity.oidc import digest, keys
from burnish_server.identity.oidc.models import Client

pytestmark = pytest.mark.django_db

Burnish = Callable[..., Ended]
DESK = ("desk", "--type", "confidential", "--redirect-uri", "https://desk.example/back")


def test_a_secret_is_shown_once(burnish: Burnish) -> None:
    made = burnish("clients", "create", *DESK)
    listed = burnish("clients", "list").out + burnish("clients", "list", "--json").out

    secret = made.out.strip()
    client = Client.objects.get()
    assert client.secret_digest == digest.of(secret)
    assert "https://desk.example/back" in listed
    assert secret not in listed
    assert secret not in str(list(Entry.objects.values()))


def test_a_new_secret_takes_the_old_one_s_place(burnish: Burnish) -> None:
    old = burnish("clients", "create", *DESK).out

    new = burnish("clients", "rotate-secret", "desk").out

    assert new != old
    assert Client.objects.get().secret_digest == digest.of(new.strip())


def test_an_app_is_removed(burnish: Burnish) -> None:
    burnish("clients", "create", *DESK)

    assert burnish("clients", "remove", "desk").out == "desk is removed.\n"
    again = burnish("clients", "remove", "desk")

    assert not Client.objects.exists()
    assert again.status == 1
    assert "There is no client of this id" in again.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("shop", "--type", "spa"), "redirect_uris"),
        (("shop", "--type", "spa", "--redirect-uri", "/back"), "write the whole address"),
        (("a b", "--type", "m2m"), "client_id"),
    ],
)
def test_what_could_not_work_is_refused(
    burnish: Burnish, words: tuple[str, ...], said: str
) -> None:
    ended = burnish("clients", "create", *words)

    assert ended.status == 1
    assert said in ended.err
    assert not Client.objects.exists()


def test_an_app_is_not_created_twice_and_a_public_one_has_no_secret(burnish: Burnish) -> None:
    shop = ("shop", "--type", "spa", "--redirect-uri", "https://shop.example/back")
    burnish("clients", "create", *shop)

    twice, secret = burnish("clients", "create", *shop), burnish("clients", "rotate-secret", "shop")

    assert "There is a client shop already" in twice.err
    assert "public client" in secret.err
    assert json.loads(burnish("clients", "list", "--json").out)[0]["client_id"] == "shop"


def test_keys_are_rotated(burnish: Burnish) -> None:
    first = keys.signing().kid

    said = burnish("keys", "rotate").out
    rows = json.loads(burnish("keys", "list", "--json").out)

    assert said == f"{rows[0]['kid']} signs from now on.\n"
    assert rows[1]["kid"] == first
    assert rows[1]["retired_at"]
    assert "signs" in burnish("keys", "list").out
    assert Entry.objects.filter(action="rotated", subject_kind="token key").count() == 1
