"""Hashes of other services: verified against what their makers publish, and made anew at login."""

import hashlib
from collections.abc import Callable

import argon2
import bcrypt
import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client

from burnish_server.identity.hashes import foreign
from burnish_server.identity.hashes.imported import from_base64
from burnish_server.identity.models import User

FIREBASE = {
    "rounds": 8,
    "memory": 14,
    "salt": from_base64("42xEC+ixf3L2lw=="),
    "separator": from_base64("Bw=="),
    "signer_key": from_base64(
        "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=="
    ),
    "hashed": from_base64(
        "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ=="
    ),
}
RFC_7914 = bytes.fromhex(
    "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
    "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
)
RFC_6070 = bytes.fromhex("4b007901b765489abead49d926f721d065a429c1")

VECTORS = {
    "bcrypt 2a, Openwall": (
        "U*U",
        foreign.bcrypt("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    ),
    "bcrypt, 72 bytes count, Openwall": (
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        "chars after 72 are ignored",
        foreign.bcrypt("$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"),
    ),
    "bcrypt over a digest, passlib": (
        "password",
        foreign.bcrypt(
            "$bcrypt-sha256$v=2,t=2b,r=12$n79VH.0Q2TMWmt3Oqt9uku$Kq4Noyk3094Y2QlB8NdRT8SvGiI4ft2"
        ),
    ),
    "scrypt, RFC 7914": (
        "pleaseletmein",
        foreign.scrypt_numbers(16384, 8, 1, b"SodiumChloride", RFC_7914),
    ),
    "scrypt $7$, libsodium": (
        "pleaseletmein",
        foreign.scrypt_text(
            "$7$C6..../....SodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKvEqHJLV8D"
        ),
    ),
    "scrypt PHC, passlib": (
        "password",
        foreign.scrypt_text(
            "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$"
            "nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E"
        ),
    ),
    "scrypt, Firebase": ("user1password", foreign.firebase(**FIREBASE)),
    "pbkdf2 sha1, RFC 6070": ("password", foreign.pbkdf2_parts("sha1", 4096, b"salt", RFC_6070)),
    "pbkdf2 sha256 PHC, passlib": (
        "password",
        foreign.pbkdf2_text(
            "$pbkdf2-sha256$1212$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ"
        ),
    ),
}


@pytest.mark.parametrize("scheme", VECTORS)
def test_a_published_hash_is_verified(scheme: str) -> None:
    password, encoded = VECTORS[scheme]

    assert check_password(password, encoded)
    assert not check_password("not" + password, encoded)


@pytest.mark.parametrize("kind", list(argon2.Type))
def test_every_kind_of_argon2_is_verified(kind: argon2.Type) -> None:
    made = argon2.PasswordHasher(1, 8, 1, type=kind).hash("correct horse")

    assert check_password("correct horse", foreign.argon2(made))
    assert not check_password("correct house", foreign.argon2(made))


@pytest.mark.parametrize("prefix", ["$2a$", "$2b$", "$2y$"])
def test_every_sound_prefix_of_bcrypt_is_verified(prefix: str) -> None:
    made = bcrypt.hashpw(b"correct horse", bcrypt.gensalt(4)).decode()

    assert check_password("correct horse", foreign.bcrypt(prefix + made[4:]))


@pytest.mark.parametrize("hasher", ["pbkdf2_sha256", "bcrypt_sha256", "argon2"])
def test_what_django_made_is_verified(hasher: str) -> None:
    read: Callable[[str], str] = {
        "pbkdf2_sha256": foreign.pbkdf2_text,
        "bcrypt_sha256": foreign.bcrypt,
        "argon2": foreign.argon2,
    }[hasher]

    assert check_password("correct horse", read(make_password("correct horse", hasher=hasher)))


def test_what_django_s_scrypt_made_is_verified() -> None:
    hashed = hashlib.scrypt(b"correct horse", salt=b"pepper", n=1024, r=8, p=1, dklen=64)

    encoded = foreign.scrypt_parts(10, 8, 1, b"pepper", hashed)

    assert check_password("correct horse", encoded)


@pytest.mark.parametrize(
    ("read", "text", "sentence"),
    [
        (foreign.bcrypt, "$1$salt$qJH7.N4xYta3aEG/dfqo/0", "is no bcrypt hash"),
        (foreign.bcrypt, "$2b$31$" + "a" * 53, "has the cost 31"),
        (foreign.bcrypt, "$2x$05$" + "a" * 53, "forgets bits"),
        (foreign.argon2, "$argon2id$v=19$m=4194304,t=3,p=1$c2FsdHNhbHQ$aGFzaGhhc2g", "4096 MiB"),
        (foreign.argon2, "$argon2id$nonsense", "is no argon2 hash"),
        (foreign.scrypt_text, "$scrypt$ln=22,r=8,p=1$YQ$" + "a" * 43, "4096 MiB"),
        (foreign.scrypt_text, "hello", "is no scrypt hash"),
        (foreign.pbkdf2_text, "$pbkdf2-sha256$99999999$YQ$" + "a" * 43, "from 1 to 5000000"),
        (foreign.pbkdf2_text, "$pbkdf2-md5$1000$YQ$" + "a" * 43, "is no pbkdf2 hash"),
    ],
)
def test_a_hash_nobody_could_verify_is_refused_in_words(
    read: Callable[[str], str], text: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence.replace("$", r"\$")):
        read(text)


def test_who_signs_in_with_an_imported_hash_has_one_of_ours_from_then_on(
    client: Client, db: None
) -> None:
    made = bcrypt.hashpw(b"correct horse battery", bcrypt.gensalt(4)).decode()
    user = User.objects.create(email="ada@people.example", password=foreign.bcrypt(made))

    assert user.check_password("correct horse battery")

    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$")
    assert user.check_password("correct horse battery")
