"""Two definitions told apart in words."""

from typing import Any

import pytest

from burnish.attributes.difference import differences

ENTRY: dict[str, Any] = {"id": "1", "pointer": "/seats", "type": "integer"}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({}, {"pointer": "/chairs"}, "name seats -> chairs"),
        ({"maximum": 500}, {"maximum": 50}, "maximum 500 -> 50"),
        ({"minimum": 0}, {}, "minimum 0 -> none"),
        ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}, "choices a, b -> b, a"),
        ({"label": "Seats"}, {"label": "Chairs"}, 'label "Seats" -> "Chairs"'),
        ({}, {"retired": True}, "retired no -> yes"),
        (
            {"access_control": {"end_user": "hidden", "bearer": "hidden"}},
            {"access_control": {"end_user": "readonly", "bearer": "hidden"}},
            "end_user hidden -> readonly",
        ),
        ({}, {"merge": "newest"}, "merge policy standing -> newest"),
        (
            {"merge": {"prefer": ["admin"]}},
            {"merge": {"by": "newest", "prefer": ["user", "admin"]}},
            "merge policy prefer admin -> prefer user, admin, then newest",
        ),
    ],
)
def test_what_changes_is_said_with_what_was_and_what_will_be(
    before: dict[str, Any], after: dict[str, Any], words: str
) -> None:
    assert differences(ENTRY | before, ENTRY | after) == [words]


def test_what_a_file_leaves_out_is_its_default() -> None:
    assert differences(ENTRY, ENTRY | {"merge": "standing", "indexed": False}) == []
    assert differences(ENTRY | {"maximum": 5}, ENTRY | {"maximum": 5.0}) == []
