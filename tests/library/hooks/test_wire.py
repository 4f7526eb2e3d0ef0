"""Events and answers as they travel."""

import json
from typing import Any

import pytest

from burnish.hooks import wire
from burnish.hooks.wire import NotJSON


def test_an_event_travels_compact_sorted_and_with_go_s_escapes() -> None:
    event = {"seq": 1, "payload": {"b": "<a & b>", "a": "é\u2028"}, "id": "x"}

    assert wire.encode(event) == (
        '{"id":"x","payload":{"a":"é\\u2028","b":"\\u003ca \\u0026 b\\u003e"},"seq":1}'.encode()
    )


@pytest.mark.parametrize("value", [{"a": ["<", None, 1.5, True]}, {"ключ": "значение & <b>"}])
def test_an_event_reads_back_to_what_it_was(value: Any) -> None:
    assert json.loads(wire.encode(value)) == value


def test_half_a_character_is_replaced_rather_than_fatal() -> None:
    assert wire.encode({"a": "\ud800"}) == b'{"a":"?"}'


@pytest.mark.parametrize(
    ("body", "words", "byte_offset"),
    [
        (b"<html>", "it is not JSON", 0),
        (b'{"is_allowed": true', "it is not JSON", 19),
        (b'{"is_allowed": true}}', "it is not JSON", 20),
        (b'{"is_allowed": false, "is_allowed": true}', "stands twice", None),
        (b'{"mutations": {"user": {"roles": [], "roles": []}}}', "stands twice", None),
        ('{"is_allowed": true, "title": "é"}'.encode("latin-1"), "not text in UTF-8", 31),
        ('{"is_allowed": true}'.encode("utf-16"), "not text in UTF-8", 0),
        (b'\xef\xbb\xbf{"is_allowed": true}', "it is not JSON", 0),
        (b'{"weight": NaN}', "NaN is no number", None),
        (b'{"weight": Infinity}', "Infinity is no number", None),
        (b"[" * 100_000, "nested too deeply", None),
    ],
)
def test_an_answer_that_cannot_be_read_says_why_and_where(
    body: bytes, words: str, byte_offset: int | None
) -> None:
    with pytest.raises(NotJSON, match=words) as caught:
        wire.decode(body)

    assert caught.value.byte_offset == byte_offset
