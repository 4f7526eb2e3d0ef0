"""What a social provider says counts only in the types that are specified for it."""

import json
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client
from tests.server.identity.conftest import text
from tests.server.identity.test_first_proof import in_now, mailed
from tests.server.identity.test_headless import App, errors
from tests.server.identity.test_social import address, come_in, provider, sent_to
from tests.server.identity.vouching import ADA, KEY, Vouching, serving, signed

from burnish_server.identity.models import User
from burnish_server.profiles import store

pytestmark = pytest.mark.django_db(transaction=True)

SUBJECTS: tuple[Any, ...] = (
    None,
    True,
    False,
    5,
    0,
    1.5,
    "",
    "  ",
    ["42"],
    {"a": 1},
    "4\0",
    "\ud83d",
)
UNVERIFIED: tuple[Any, ...] = (
    "false", "0", "1", "no", "FALSE", "True", "", 1, 0, None, False, [], ["true"], {"a": 1},
)  # fmt: skip


@pytest.fixture(scope="module")
def _server() -> Iterator[Vouching]:
    with serving() as vouching:
        yield vouching


@pytest.fixture
def vouching(_server: Vouching) -> Vouching:
    _server.reset()
    return _server


def only_userinfo(vouching: Vouching, **claims: Any) -> None:
    """Have the provider give no ID token, and these claims."""
    vouching.answers["/oidc/token"] = {"access_token": "t"}
    vouching.answers["/userinfo"] = ADA | claims


def come_back(client: Client, kind: str = "oidc", at: str = "") -> HttpResponse:
    """Press a provider's button, and return the page one comes back to."""
    begin = at or address(kind)
    state = sent_to(client.post(f"{begin}login/"))["state"]
    return client.get(f"{begin}login/callback/", {"code": "c0de", "state": state})


@pytest.mark.parametrize("subject", SUBJECTS, ids=repr)
def test_who_has_no_subject_is_nobody(vouching: Vouching, client: Client, subject: Any) -> None:
    provider("oidc")
    only_userinfo(vouching, sub=subject)

    page = come_back(client)

    assert page.status_code == 401
    assert "did not tell us who you are" in text(page)
    assert not User.objects.exists()


@pytest.mark.parametrize("subject", SUBJECTS, ids=repr)
def test_who_has_no_subject_in_a_token_is_nobody(
    vouching: Vouching, client: Client, subject: Any
) -> None:
    provider("oidc")
    token = signed("https://login.acme.example/oidc", ADA | {"sub": subject})
    vouching.answers["/oidc/token"] = {"access_token": "t", "id_token": token}

    page = come_back(client)

    assert page.status_code == 401
    assert not User.objects.exists()


@pytest.mark.parametrize("said", [None, True, ["7"], {"id": 7}], ids=repr)
def test_who_has_no_id_elsewhere_is_nobody_either(
    vouching: Vouching, client: Client, said: Any
) -> None:
    provider("github")
    vouching.answers["/user"]["id"] = said

    assert come_back(client, "github").status_code == 401
    assert not User.objects.exists()


def test_a_number_is_an_id_where_people_are_numbered(vouching: Vouching, client: Client) -> None:
    provider("github")

    come_in(client, "github")

    assert SocialAccount.objects.get().uid == "7"


def test_null_says_nothing_and_stands_in_nobodys_way(vouching: Vouching, client: Client) -> None:
    provider("github")
    vouching.answers["/user"] |= {"name": None, "email": None, "locale": None}

    come_in(client, "github")

    assert "email" in SocialAccount.objects.get().extra_data


def test_a_subject_may_read_like_anything(vouching: Vouching, client: Client) -> None:
    provider("oidc")
    only_userinfo(vouching, sub="None")

    come_in(client, "oidc")

    assert SocialAccount.objects.get().uid == "None"


@pytest.mark.parametrize("said", UNVERIFIED, ids=repr)
def test_an_address_counts_only_if_it_is_said_to_be_verified(
    vouching: Vouching, client: Client, said: Any
) -> None:
    provider("oidc")
    only_userinfo(vouching, email_verified=said)

    came = come_in(client, "oidc")

    assert came["Location"] == "/confirm-email/"
    assert not EmailAddress.objects.get().verified


@pytest.mark.parametrize("said", [True, "true"], ids=repr)
def test_true_is_said_in_two_ways(vouching: Vouching, client: Client, said: Any) -> None:
    provider("oidc")
    only_userinfo(vouching, email_verified=said)

    come_in(client, "oidc")

    assert in_now(client)
    assert EmailAddress.objects.get().verified


@pytest.mark.parametrize("said", UNVERIFIED, ids=repr)
def test_googles_word_counts_in_its_type_too(vouching: Vouching, client: Client, said: Any) -> None:
    provider("google")
    vouching.answers["/oauth2/v2/userinfo"]["verified_email"] = said

    assert come_in(client, "google")["Location"] == "/confirm-email/"


def test_userinfo_of_somebody_else_is_refused(vouching: Vouching, client: Client) -> None:
    provider("oidc")

    for other in ({**ADA, "sub": "43"}, {k: v for k, v in ADA.items() if k != "sub"}):
        vouching.answers["/userinfo"] = other
        assert come_back(client).status_code == 401

    assert not User.objects.exists()


def by_token(app: App, claims: dict[str, Any], name: str = "acme") -> HttpResponse:
    token = signed("https://login.acme.example/oidc", claims)
    shown = {"client_id": "burnish", "id_token": token}
    about = {"provider": name, "process": "login", "token": shown}
    return app.post("auth/provider/token", about)


def test_a_token_by_json_is_held_to_the_same(vouching: Vouching) -> None:
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
    vouching.answers["/oidc/jwks"] = {"keys": [jwk | {"kid": "one", "alg": "RS256"}]}
    provider("oidc")

    nobody = by_token(App(), ADA | {"sub": None})
    unverified = by_token(App(), ADA | {"email_verified": "false"})

    assert errors(nobody)[0][0] == "invalid_token"
    assert unverified.status_code == 401
    assert not EmailAddress.objects.get().verified
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "bad",
    [b'"a\\u0000b"', b'"\\ud83d"', b"1e400", b"-1e400", b"NaN", b'{"deep": ["\\u0000"]}'],
    ids=repr,
)
def test_a_claim_that_cannot_be_kept_is_left_out(
    vouching: Vouching, client: Client, bad: bytes
) -> None:
    provider("oidc")
    body = json.dumps({**ADA, "x": 1, "picture": 2})
    body = body.replace('"x": 1', '"x": BAD, "m\\u0000": 1').replace(
        '"picture": 2', '"picture": BAD'
    )
    vouching.answers["/oidc/token"] = {"access_token": "t"}
    vouching.answers["/userinfo"] = body.encode().replace(b"BAD", bad)

    come_in(client, "oidc")

    assert in_now(client)
    kept = SocialAccount.objects.get().extra_data["userinfo"]
    assert kept.get("x") in (None, {"deep": []})
    assert "m\0" not in kept
    standard = store.of(User.objects.get().pk).standard
    assert standard["given_name"] == "Ada"
    assert "picture" not in standard


def test_claims_of_other_types_are_left_out_and_the_rest_stays(
    vouching: Vouching, client: Client
) -> None:
    provider("oidc")
    where = {"locality": "Lund", "region": None, "country": ""}
    only_userinfo(vouching, given_name=5, address=where, nickname=["x"])

    come_in(client, "oidc")

    standard = store.of(User.objects.get().pk).standard
    assert standard["family_name"] == "Brand"
    assert standard["address"] == {"locality": "Lund"}
    assert "given_name" not in standard


def test_endless_nesting_is_a_sentence(vouching: Vouching, client: Client) -> None:
    provider("oidc")
    vouching.answers["/userinfo"] = b'{"sub": "42", "x": ' + b"[" * 200_000

    assert come_back(client).status_code == 401


def test_two_providers_may_know_us_by_one_client_id(vouching: Vouching, client: Client) -> None:
    provider("oidc")
    provider("oidc", alias="brand", name="Brand")
    only_userinfo(vouching, email_verified=False)
    back = come_back(client, at="/social/oidc/brand/")
    assert back["Location"] == "/confirm-email/"

    done = client.post("/confirm-email/", {"code": mailed()})
    come_back(again := Client(), at="/social/oidc/brand/")

    assert done.status_code == 302
    assert in_now(client)
    assert in_now(again)
    assert SocialAccount.objects.get().provider == "brand"
    assert "Brand" in text(client.get("/social/"))


def test_two_with_one_client_id_work_by_json_and_with_questions(
    vouching: Vouching, client: Client
) -> None:
    provider("oidc")
    provider("oidc", alias="brand", name="Brand")
    only_userinfo(vouching, email=None)
    back = come_back(client, at="/social/oidc/brand/")
    assert back["Location"] == "/social/signup/"
    client.post("/social/signup/", {"email": "ada@acme.example"})

    client.post("/confirm-email/", {"code": mailed()})

    assert in_now(client)
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
    vouching.answers["/oidc/jwks"] = {"keys": [jwk | {"kid": "one", "alg": "RS256"}]}
    assert by_token(App(), ADA, "brand").status_code == 200
    assert errors(by_token(App(), ADA, "openid_connect")) == [("invalid_token", "")]
