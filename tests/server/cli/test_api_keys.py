"""`burnish api-keys create`, `list` and `revoke`."""

import json
from collections.abc import Callable

import pytest
from tests.server.cli.conftest import Ended

from burnish_server.api_keys import store
from burnish_server.api_keys.models import ApiKey
from burnish_server.audit.models import Entry

pytestmark = pytest.mark.django_db

Burnish = Callable[..., Ended]


def test_a_key_is_shown_once_and_comes_in(burnish: Burnish) -> None:
    made = burnish("api-keys", "create", "crm-sync", "--scope", "users:enrich")
    listed = burnish("api-keys", "list")

    text = made.out.strip()
    assert store.find(text) == ApiKey.objects.get()
    secret = text.split("_", 2)[2]
    assert "crm-sync" in listed.out
    assert secret not in listed.out + burnish("api-keys", "list", "--json").out
    entry = Entry.objects.get()
    assert (entry.door, entry.action, entry.subject_kind) == ("cli", "added", "API key")
    assert secret not in str(entry.detail)


@pytest.mark.parametrize("by", ["name", "prefix"])
def test_a_revoked_key_is_listed_as_such(burnish: Burnish, by: str) -> None:
    text = burnish("api-keys", "create", "crm-sync", "--scope", "users:enrich").out.strip()

    gone = burnish("api-keys", "revoke", "crm-sync" if by == "name" else text[:11])
    again = burnish("api-keys", "revoke", "crm-sync")

    assert (gone.status, gone.out) == (0, "crm-sync is revoked.\n")
    assert (again.status, again.err) == (1, "burnish: there is no key crm-sync in use\n")
    assert store.find(text) is None
    (row,) = json.loads(burnish("api-keys", "list", "--json").out)
    assert row["revoked_at"] is not None
    assert [one.action for one in Entry.objects.order_by("pk")] == ["added", "revoked"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["crm"], "--scope"),
        (["crm", "--scope", "users:fly"], "There is no scope users:fly; there are users:read"),
        (["", "--scope", "users:enrich"], "Name the key"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(
    burnish: Burnish, words: list[str], said: str
) -> None:
    ended = burnish("api-keys", "create", *words)

    assert ended.status != 0
    assert said in ended.err
    assert not ApiKey.objects.exists()


def test_a_key_may_be_made_for_some_days(burnish: Burnish) -> None:
    burnish("api-keys", "create", "visit", "--scope", "users:read", "--days", "7")

    (row,) = json.loads(burnish("api-keys", "list", "--json").out)
    key = ApiKey.objects.get()
    assert row["expires_at"] is not None
    assert key.expires_at is not None
    assert key.expires_at > key.created_at
