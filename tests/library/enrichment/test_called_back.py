"""What FullContact and Clearbit send later is read like an answer, and only where it is genuine."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from burnish.enrichment.outcome import Failed, Found, Miss
from burnish.enrichment.provider import Provider
from burnish.enrichment.providers import kinds
from burnish.enrichment.reading import BadAnswer

PERSON = {"id": "p", "name": {"fullName": "Ada Kvist"}}
FOUND = Found({"name": "Ada Kvist"}, 0.9, record="p")


def made(kind: str, api_key: str) -> Provider:
    provider = kinds()[kind]
    return provider(provider.Settings.model_validate({"api_key": api_key}))


def signed(envelope: Any, secret: str) -> tuple[bytes, dict[str, str]]:
    """Write an envelope as Clearbit does, and sign it with `secret`."""
    body = json.dumps(envelope).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return body, {"x-request-signature": f"sha1={digest}"}


@pytest.mark.parametrize("api_key", ["sk_abc", "pk_abc", "abc"])
def test_clearbit_signs_with_the_key_without_its_prefix(api_key: str) -> None:
    sent = signed({"type": "person", "status": 200, "body": PERSON}, "abc")

    assert made("clearbit_person", api_key).called_back(*sent) == FOUND


def test_clearbit_says_that_it_found_nobody() -> None:
    provider = made("clearbit_person", "sk_abc")

    assert provider.called_back(*signed({"type": "person", "body": None}, "abc")) == Miss()
    assert provider.called_back(*signed({"status": 404, "body": {}}, "abc")) == Miss()


def test_what_is_signed_otherwise_is_not_from_clearbit() -> None:
    provider = made("clearbit_person", "sk_abc")
    body, headers = signed({"type": "person", "body": PERSON}, "abc")
    signature = headers["x-request-signature"]

    assert provider.called_back(*signed({"body": PERSON}, "other")) is None
    assert provider.called_back(body + b" ", headers) is None
    assert provider.called_back(body, {}) is None
    assert provider.called_back(body, {"x-request-signature": "sha1=ü"}) is None
    assert provider.called_back(body, {"x-request-signature": signature[5:]}) is None


def test_clearbit_sends_both_halves_where_both_were_asked_for() -> None:
    sent = signed({"body": {"person": PERSON, "company": {"name": "Nordlake"}}}, "abc")

    answer = made("clearbit_combined", "sk_abc").called_back(*sent)

    assert answer == Found({"name": "Ada Kvist", "company_name": "Nordlake"}, 0.9, record="p")


def test_a_genuine_callback_of_another_shape_is_a_bad_answer() -> None:
    provider = made("clearbit_person", "sk_abc")

    with pytest.raises(BadAnswer):
        provider.called_back(*signed([PERSON], "abc"))


def test_fullcontact_sends_what_it_would_have_answered() -> None:
    provider = made("fullcontact_person", "k")

    assert provider.called_back(b'{"fullName": "Ada Kvist"}', {}) == Found(
        {"name": "Ada Kvist"}, 0.95
    )
    assert provider.called_back(b'{"status": 404, "message": "Profile not found"}', {}) == Miss()
    assert isinstance(provider.called_back(b'{"status": 500}', {}), Failed)


@pytest.mark.parametrize("hash_email", [True, False])
def test_fullcontact_says_whether_addresses_leave_as_hashes(hash_email: bool) -> None:
    kind = kinds()["fullcontact_person"]
    provider = kind(kind.Settings.model_validate({"api_key": "k", "hash_email": hash_email}))
    body = json.loads(provider.ask({"email": "ada@nordlake.example"}).content)

    assert ("email" in provider.hashed) is hash_email
    assert ("ada" in body["email"]) is not hash_email
