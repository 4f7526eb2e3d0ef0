"""Advanced > API keys, and > Admin keys."""

import json
import re
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.http import HttpResponse
from django.test import Client as Browser
from django.utils import timezone
from tests.doors.portal.conftest import text

from burnish_server.admin_keys import store as admin_keys
from burnish_server.admin_keys.models import AdminKey
from burnish_server.api_keys import store as api_keys
from burnish_server.api_keys.models import ApiKey
from burnish_server.audit.models import Entry
from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db

API = "/portal/api_keys/apikey/"
ADMIN = "/portal/admin_keys/adminkey/"


def make(portal: Browser, **more: Any) -> HttpResponse:
    form = {"name": "crm-sync", "scopes": ["users:read", "audit:read"], "expires_on": "", **more}
    return portal.post(f"{API}add/", form)


def acts() -> list[tuple[str, str, str]]:
    rows = Entry.objects.order_by("pk")
    return list(rows.values_list("door", "action", "subject_kind"))


def test_an_api_key_is_shown_once_and_good(portal: Browser) -> None:
    made = make(portal, expires_on="2090-02-28")

    found = re.search(r"bk_\w{8}_[\w-]{43}", text(made))
    assert found, text(made)
    key = api_keys.find(found[0])
    assert "no-store" in made["Cache-Control"]
    assert key is not None
    assert key.scopes == ["users:read", "audit:read"]
    assert f"{key.expires_at}" == "2090-02-28 23:59:59+00:00"
    listed = text(portal.get(API))
    assert f"crm-sync bk_{key.prefix} users:read, audit:read never 2090-02-28 23:59 UTC" in listed
    assert found[0][-43:] not in listed + str(list(Entry.objects.values()))


def test_scopes_stand_by_the_room_they_open(portal: Browser) -> None:
    page = text(portal.get(f"{API}add/"))

    assert "Users users:read find users, and read their profiles" in page
    assert "Audit audit:read read the audit log Keys keys:write" in page


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"scopes": []}, "Say what the key may do."),
        ({"scopes": ["users:fly"]}, "Select a valid choice."),
        ({"name": "a/b"}, "Name the key with 1 to 80 letters"),
        ({"expires_on": "2020-01-01"}, "Let the key expire in the future"),
        ({"expires_on": "soon"}, "Enter a valid date."),
    ],
)
def test_what_is_no_api_key_is_refused_in_words(
    portal: Browser, more: dict[str, Any], words: str
) -> None:
    page = text(make(portal, **more))

    assert words in page
    assert not ApiKey.objects.exists()


def test_an_api_key_is_revoked_once_somebody_has_said_so_twice(portal: Browser) -> None:
    make(portal)
    key = ApiKey.objects.get()
    where = f"{API}{key.pk}/delete/"

    asked = text(portal.get(where))
    before = ApiKey.objects.get().revoked_at
    told = text(portal.post(where, follow=True))

    assert "Revoke crm-sync? Programs that use it are refused at once" in asked
    assert before is None
    assert "crm-sync is revoked." in told
    assert "No good any more" in told
    assert acts() == [("portal", "added", "API key"), ("portal", "revoked", "API key")]
    assert portal.post(where).status_code == 404
    assert portal.get(f"{API}nonsense/delete/").status_code == 404


def test_an_expired_key_is_not_in_use(portal: Browser) -> None:
    make(portal)
    ApiKey.objects.update(expires_at=timezone.now())

    page = text(portal.get(API))

    assert "In use There is none" in page
    assert "expired" in page


def test_an_admin_key_s_private_half_signs_tokens_and_is_kept_nowhere(portal: Browser) -> None:
    made = portal.post(f"{ADMIN}add/", {"name": "sync", "audience": "nordlake"})

    found = re.search(r"-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----", _raw(made))
    assert found
    key = AdminKey.objects.get()
    token = jwt.encode(
        {"aud": "nordlake", "exp": int(time.time()) + 60},
        found[0],
        algorithm="RS256",
        headers={"kid": key.key_id},
    )
    assert admin_keys.find(token, timezone.now()) is not None
    assert "no-store" in made["Cache-Control"]
    assert f'download="{key.key_id}.pem"' in _raw(made)
    assert f"sync {key.key_id} nordlake" in text(portal.get(ADMIN))
    assert "PRIVATE" not in _raw(portal.get(ADMIN)) + str(AdminKey.objects.values())


def test_keys_programs_have_already_are_imported_without_their_private_half(
    portal: Browser,
) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(private, as_dict=True) | {"kid": "old-one"}
    given = {"name": "authgear", "audience": "nordlake", "keys": json.dumps({"keys": [jwk]})}

    told = text(portal.post(f"{ADMIN}import/", given, follow=True))
    again = text(portal.post(f"{ADMIN}import/", given))

    assert "Tokens signed with old-one are taken from now on." in told
    assert "The key old-one is here already." in again
    assert AdminKey.objects.get().public_key.startswith("-----BEGIN PUBLIC KEY-----")
    assert acts() == [("portal", "added", "admin key")]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("{", "This is no JSON; paste the whole set."),
        ("[" * 50_000, "This is no JSON"),
        ("[]", "There are no keys in it"),
        ('{"keys": [{"kid": "a", "kty": "EC"}]}', "none of RSA"),
        ('{"keys": [{"kid": "\\ud800", "kty": "RSA"}]}', "Each key needs a kid"),
        ('{"keys": [{"kid": "a", "kty": "RSA", "n": 7}]}', "cannot be read; copy it whole"),
    ],
)
def test_what_is_no_key_set_is_refused_in_words(portal: Browser, keys: str, words: str) -> None:
    answer = portal.post(f"{ADMIN}import/", {"name": "sync", "audience": "burnish", "keys": keys})

    assert words in text(answer)
    assert not AdminKey.objects.exists()


def test_an_admin_key_is_revoked_by_itself_though_another_has_its_name(portal: Browser) -> None:
    for _ in range(2):
        portal.post(f"{ADMIN}add/", {"name": "sync", "audience": "burnish"})
    _, second = AdminKey.objects.order_by("created_at")

    portal.post(f"{ADMIN}{second.pk}/delete/")

    assert list(AdminKey.objects.exclude(revoked_at=None)) == [second]
    assert acts()[-1] == ("portal", "revoked", "admin key")


@pytest.mark.parametrize("where", [API, f"{API}add/", ADMIN, f"{ADMIN}add/", f"{ADMIN}import/"])
def test_who_was_given_no_right_to_it_sees_no_keys(
    portal: Browser, administrator: User, where: str
) -> None:
    User.objects.filter(pk=administrator.pk).update(is_superuser=False)

    assert portal.get(where).status_code == 403


def _raw(response: HttpResponse) -> str:
    return response.content.decode()
