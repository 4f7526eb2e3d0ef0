"""Signatures of webhooks."""

import base64
import hashlib
import hmac

import pytest

from burnish.hooks import signature
from burnish.hooks.signature import InvalidSignature, UnusableSecret

BODY = b'{"id":"0000000000001f4a"}'
AT = 1772600767


def signed(*keys: str) -> dict[str, str]:
    return signature.headers("0000000000001f4a", AT, BODY, [key.encode() for key in keys])


def test_the_body_s_signature_is_the_contract_s() -> None:
    headers = signature.headers("id", AT, b"body", [b"secret"])

    assert headers["x-authgear-body-signature"] == (
        "dc46983557fea127b43af721467eb9b3fde2338fe3e14f51952aa8478c13d355"
    )


def test_a_standard_webhooks_receiver_computes_the_same() -> None:
    secret = signature.new_secret()
    key = base64.b64decode(signature.as_standard(secret).removeprefix("whsec_"))
    headers = signed(secret)

    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{BODY.decode()}"
    expected = base64.b64encode(hmac.new(key, said.encode(), hashlib.sha256).digest()).decode()

    assert headers["webhook-signature"] == f"v1,{expected}"


def test_each_live_key_signs_and_the_oldest_signs_the_body() -> None:
    headers = signed("old", "new")

    assert len(headers["webhook-signature"].split(" ")) == 2
    assert headers["x-authgear-body-signature"] == signed("old")["x-authgear-body-signature"]


@pytest.mark.parametrize("secret", ["old", "new", signature.as_standard("new")])
def test_a_receiver_with_either_key_believes_the_message(secret: str) -> None:
    signature.verify(signed("old", "new"), BODY, [secret], now=AT + 10)


def test_a_receiver_that_knows_only_the_body_s_signature_believes_it_too() -> None:
    headers = {"X-Authgear-Body-Signature": signed("old")["x-authgear-body-signature"]}

    signature.verify(headers, BODY, ["old"])


@pytest.mark.parametrize(
    ("headers", "body", "secret", "now"),
    [
        (signed("old"), BODY + b" ", "old", AT),
        (signed("old"), BODY, "other", AT),
        (signed("old"), BODY, "old", AT + 301),
        (signed("old"), BODY, "old", AT - 301),
        (signed("old") | {"webhook-timestamp": "soon"}, BODY, "old", AT),
        (signed("old") | {"webhook-id": "another"}, BODY, "old", AT),
        ({}, BODY, "old", AT),
        ({"x-authgear-body-signature": "ünsigned"}, BODY, "old", AT),
    ],
)
def test_what_was_not_signed_so_is_not_believed(
    headers: dict[str, str], body: bytes, secret: str, now: int
) -> None:
    with pytest.raises(InvalidSignature):
        signature.verify(headers, body, [secret], now=now)


def test_a_new_secret_has_32_characters_a_receiver_can_paste() -> None:
    secret = signature.new_secret()

    assert len(secret) == 32
    assert secret.replace("_", "a").isalnum()
    assert secret != signature.new_secret()


@pytest.mark.parametrize(
    "secret", ["", " ", "whsec_", "whsec_!!!!", "whsec_====", "whsec_ ", "whsec_a"]
)
def test_a_secret_that_is_none_signs_nothing_and_believes_nothing(secret: str) -> None:
    forged = signature.headers("1", AT, BODY, [b""])

    with pytest.raises(UnusableSecret):
        signature.verify(forged, BODY, [secret], now=AT)
    with pytest.raises(UnusableSecret):
        signature.key_of(secret)


@pytest.mark.parametrize(
    "secret",
    [
        "whsec_MTIzNDU2Nzg5MDEyMzQ1Ng==",
        "whsec_MTIzNDU2Nzg5MDEyMzQ1Ng=",
        "whsec_MTIzNDU2Nzg5MDEyMzQ1Ng",
        " whsec_MTIzNDU2Nzg5MDEyMzQ1Ng==\n",
        "1234567890123456",
    ],
)
def test_a_secret_is_read_with_and_without_padding_and_blanks(secret: str) -> None:
    assert signature.key_of(secret) == b"1234567890123456"
    signature.verify(signed("1234567890123456"), BODY, [secret], now=AT)


def test_the_url_safe_alphabet_is_no_other_key_in_silence() -> None:
    key = b"\xfb\xff\xbf" * 8
    secret = "whsec_" + base64.urlsafe_b64encode(key).decode()

    with pytest.raises(UnusableSecret, match="no base64"):
        signature.key_of(secret)


def test_a_secret_of_standard_webhooks_is_shown_as_it_is() -> None:
    assert signature.as_standard("whsec_MTIz") == "whsec_MTIz"


@pytest.mark.parametrize("name", ["webhook-signature", "x-authgear-body-signature"])
def test_half_a_surrogate_pair_is_no_signature(name: str) -> None:
    others = {"webhook-id": "0000000000001f4a", "webhook-timestamp": str(AT)}

    with pytest.raises(InvalidSignature):
        signature.verify({**others, name: "v1,\ud83d"}, BODY, ["old"], now=AT)
