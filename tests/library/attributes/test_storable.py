"""What PostgreSQL and other readers of JSON cannot keep is found, left out, or replaced."""

import json
import math
from typing import Any

import pytest

from burnish.attributes import storable

HALF = json.loads('"\\ud83d"')
LARGEST = 1.7976931348623157e308

BAD: dict[str, tuple[Any, str]] = {
    "a NUL": ({"city": "a\0b"}, "/city"),
    "half a pair": ({"city": HALF}, "/city"),
    "the other half": ({"city": "\udc00x"}, "/city"),
    "infinity": ({"score": json.loads("1e999")}, "/score"),
    "no number": ({"score": math.nan}, "/score"),
    "a whole number too large": ({"score": 10**309}, "/score"),
    "deep inside": ({"a": [1, {"b/c": ["\0"]}]}, "/a/1/b~1c/0"),
    "a name": ({"a\0b": 1}, "/a\ufffdb"),
    "a name inside": ({"a": {HALF: 1}}, "/a/\ufffd"),
    "what is no JSON": ({"at": object()}, "/at"),
    "alone": ("\0", "/"),
}


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_kept_is_found_where_it_stands(what: str) -> None:
    value, path = BAD[what]

    found = storable.fault(value)

    assert found
    assert found.path == path
    assert str(found).encode()


def test_what_can_be_kept_is_as_it_was() -> None:
    good = {"": "", "a": "𠮷 \t\x7f", "n": [LARGEST, -LARGEST, 0, True, None], "d": nested(48)}

    assert storable.fault(good) is None
    assert storable.cleaned(good) == good
    assert storable.pruned(good) == good
    assert storable.clean_text("𠮷 é") == "𠮷 é"


def test_fifty_levels_and_no_more() -> None:
    assert storable.fault(nested(50)) is None
    assert storable.cleaned(nested(50)) == nested(50)
    assert storable.fault(nested(51))
    assert storable.fault(nested(100_000))
    assert storable.cleaned(nested(51)) != nested(51)


@pytest.mark.parametrize("what", BAD)
def test_what_is_cleaned_can_be_kept(what: str) -> None:
    value, _ = BAD[what]

    cleaned = storable.cleaned(value)

    assert storable.fault(cleaned) is None
    assert json.dumps(cleaned, allow_nan=False, ensure_ascii=False).encode()


def test_a_text_keeps_all_but_the_characters_that_cannot_be_kept() -> None:
    assert storable.clean_text(f"a\0b{HALF}c") == "a\ufffdb\ufffdc"


def test_members_that_cannot_be_kept_are_left_out() -> None:
    claims = {
        "sub": "1",
        "x": "a\0b",
        "y": [math.inf, 1],
        "z\0": 1,
        "name": None,
        "deep": {"a": HALF},
    }

    assert storable.pruned(claims) == {"sub": "1", "y": [1], "name": None, "deep": {}}
    assert storable.pruned(nested(50)) == nested(50)
    assert storable.fault(storable.pruned(nested(51))) is None
