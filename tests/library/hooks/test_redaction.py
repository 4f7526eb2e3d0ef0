"""Secrets are masked in every form in which they are usually written."""

import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from burnish.hooks.redaction import MASK, redacted, redacted_json

SECRET = 'S3cr/t+key =ä?"x'
RAW = SECRET.encode()

WRITTEN = {
    "as it is": SECRET,
    "in capitals": SECRET.upper(),
    "in small letters": SECRET.lower(),
    "in a path": quote(SECRET),
    "as a component": quote(SECRET, safe=""),
    "in a form": quote_plus(SECRET),
    "percent-encoded in small letters": quote(SECRET, safe="").lower(),
    "in JSON": json.dumps(SECRET, ensure_ascii=False)[1:-1],
    "in hexadecimal": RAW.hex(),
    **{
        f"in base64 behind {number} letters": base64.b64encode(b"u" * number + RAW).decode()
        for number in range(4)
    },
    "in base64 before others": base64.b64encode(RAW + b":more").decode(),
    "in base64 of addresses": base64.urlsafe_b64encode(RAW).decode(),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_it_is_masked(how: str) -> None:
    text = redacted(f"before {WRITTEN[how]} after", [SECRET])

    assert MASK in text
    assert text.startswith("before ")
    assert text.endswith(" after")
    assert len(text) <= len("before  after") + len(MASK) + 12


def test_json_is_masked_in_texts_names_and_numbers() -> None:
    value = {"a": ["x1234y", 1234, 12345, True], "1234": {"b": None}}

    assert redacted_json(value, ["1234"]) == {
        "a": [f"x{MASK}y", MASK, 12345, True],
        MASK: {"b": None},
    }


@pytest.mark.parametrize(("value", "text"), [("abc", "abc"), ("abcd", MASK), ("", "abcd")])
def test_what_is_shorter_than_four_letters_stands_there_by_chance(value: str, text: str) -> None:
    assert redacted("abc" if value == "abc" else "abcd", [value]) == text
