"""Hashes of other services of the usual lengths come in, and their owners sign in with them."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import argon2
import pytest
from django.test import Client
from tests.server.imports.conftest import outcomes

from burnish_server.identity.models import User
from burnish_server.imports.models import Run

Take = Callable[..., Run]

PASSWORD = "user1password"
SALT = b"0123456789abcdef"


def text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def pbkdf2(digest: str) -> dict[str, Any]:
    hashed = hashlib.pbkdf2_hmac(digest, PASSWORD.encode(), SALT, 1000, 64)
    parts = {"salt": text(SALT), "iterations": 1000, "digest": digest}
    return {"type": "pbkdf2", "password_hash": text(hashed), **parts}


def scrypt() -> dict[str, Any]:
    hashed = hashlib.scrypt(PASSWORD.encode(), salt=SALT, n=1024, r=8, p=1, dklen=64)
    parts = {"salt": text(SALT), "n": 1024, "r": 8, "p": 1}
    return {"type": "scrypt", "password_hash": text(hashed), **parts}


HASHES = {
    "Firebase": {
        "type": "firebase_scrypt",
        "password_hash": "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz"
        "+VHjoZilo78198JAdRuid5lQ==",
        "salt": "42xEC+ixf3L2lw==",
        "signer_key": "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUS"
        "DzZvpjeJ9WmXA==",
        "salt_separator": "Bw==",
        "rounds": 8,
        "mem_cost": 14,
    },
    "Keycloak, sha512": pbkdf2("sha512"),
    "Keycloak, sha256": pbkdf2("sha256"),
    "scrypt of 64 bytes": scrypt(),
    "argon2 of 64 bytes": {
        "type": "argon2",
        "password_hash": argon2.PasswordHasher(1, 1024, 1, hash_len=64, salt_len=32).hash(PASSWORD),
    },
}


def record(name: str) -> dict[str, Any]:
    return {"email": "ada@people.example", "email_verified": True, "password": HASHES[name]}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("format", ["ndjson", "csv"])
@pytest.mark.parametrize("name", HASHES)
def test_its_owner_signs_in(take: Take, client: Client, name: str, format: str) -> None:
    content = json.dumps(record(name))
    if format == "csv":
        cells = {f"password.{part}": value for part, value in HASHES[name].items()}
        head, row = ",".join(cells), ",".join(f'"{value}"' for value in cells.values())
        content = f"email,email_verified,{head}\nada@people.example,true,{row}\n"

    run = take(content.encode(), format)

    assert [one.errors for one in outcomes(run)] == [[]]
    answer = client.post("/login/", {"login": "ada@people.example", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


@pytest.mark.parametrize("name", HASHES)
def test_a_trial_run_says_so_and_writes_nothing(take: Take, name: str) -> None:
    run = take([record(name)], dry_run=True)

    assert (run.inserted, User.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dry_run", [True, False])
def test_what_the_database_refuses_is_told_with_its_reason_in_a_trial_too(
    take: Take, dry_run: bool
) -> None:
    rows = [{"email": f"{name}@people.example"} for name in ("a", "b", "c")]
    # In UTC this is a day after the last one Python knows.
    rows[1]["account_valid_until"] = "9999-12-31T23:59:59-23:59"

    run = take(rows, dry_run=dry_run)

    assert (run.inserted, run.failed) == (2, 1), [one.errors for one in outcomes(run)]
    assert "could not be written (" in outcomes(run)[1].errors[0]["message"]
    assert User.objects.count() == (0 if dry_run else 2)
